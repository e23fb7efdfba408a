import { Refusal } from './api.js';
import { element } from './dom.js';

/**
 * A form whose errors appear beside their fields, as the backend names them.
 *
 * @param fields `{ name, label, type, autocomplete, hint }`
 * @param submit gets the values by name; what it throws is shown
 */
export function form({ fields, button, submit }) {
  const summary = element('div', { class: 'errors', role: 'alert' });
  const action = element('button', { type: 'submit' }, button);
  const rows = fields.map(row);
  const node = element(
    'form',
    { novalidate: true, submit: onSubmit },
    summary,
    ...rows.map(({ node }) => node),
    action,
  );

  async function onSubmit(event) {
    event.preventDefault();
    showErrors({ fields: {}, form: [] });
    action.disabled = true;
    try {
      await submit(Object.fromEntries(rows.map(({ name, value }) => [name, value()])));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      showErrors(error);
    } finally {
      action.disabled = false;
    }
  }

  function showErrors({ fields: byField, form: ofForm }) {
    const known = new Set(rows.map(({ name }) => name));
    const others = Object.entries(byField).flatMap(([name, texts]) => (known.has(name) ? [] : texts));
    summary.replaceChildren(...[...ofForm, ...others].map((text) => element('p', {}, text)));
    for (const { name, show } of rows) show(byField[name] ?? []);
    node.querySelector('[aria-invalid="true"]')?.focus();
  }

  return node;
}

function row({ name, label, type = 'text', autocomplete, hint }) {
  const isCheckbox = type === 'checkbox';
  const errors = element('p', { class: 'error', id: `${name}-error` });
  const describedBy = hint ? `${name}-hint ${name}-error` : `${name}-error`;
  const input = element('input', { id: name, name, type, autocomplete, 'aria-describedby': describedBy });
  const title = element('label', { for: name }, label);
  const note = hint && element('p', { class: 'hint', id: `${name}-hint` }, hint);
  return {
    name,
    node: element(
      'div',
      { class: isCheckbox ? 'row check' : 'row' },
      isCheckbox ? [input, title] : [title, input],
      note,
      errors,
    ),
    value: () => (isCheckbox ? input.checked : input.value),
    show(texts) {
      errors.textContent = texts.join(' ');
      if (texts.length > 0) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
  };
}
