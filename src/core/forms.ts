import type { RequestContext } from './context.js';
import { UsageError } from './errors.js';
import { type FormDefinition, FormState } from './form.js';
import { fillForm, judgeForm } from './form-parser.js';

function definitionOf(context: RequestContext, name: string): FormDefinition {
  const definition = context.core.registry.forms.get(name);
  if (definition === undefined) throw new UsageError(`There is no form "${name}".`);
  return definition;
}

/** An empty form for a page. `values` fill fields beforehand. */
export function emptyForm(
  context: RequestContext,
  name: string,
  values: Readonly<Record<string, string>> = {},
): FormState {
  const form = new FormState(definitionOf(context, name), (message) => context.core.say(message, context.locale));
  for (const [field, value] of Object.entries(values)) form.values.set(field, value);
  return form;
}

/**
 * Reads a submitted form: the dispatcher's verdict on CSRF first, then every field, then the form's own rules, then the application's. The result
 * is to be asked `valid` before it is believed. `prepare` may set what the rules need (whom the form is about).
 */
export async function submittedForm(
  context: RequestContext,
  name: string,
  prepare?: (form: FormState) => void,
): Promise<FormState> {
  const definition = definitionOf(context, name);
  const form = emptyForm(context, name);
  prepare?.(form);
  const body = await context.body();
  if (body.kind === 'invalid') {
    form.addError(null, { key: 'BAD_REQUEST', parameters: { reason: body.reason } });
    return form;
  }
  if (context.csrfProblem) {
    form.addError(context.core.csrf.fieldName, context.csrfProblem);
    return form;
  }
  await fillForm(form, body, context);
  await judgeForm(form, definition, context);
  if (form.valid) await context.core.registry.extensions.get(name)?.validate?.(form, context);
  return form;
}
