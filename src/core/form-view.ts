import type { RequestContext } from './context.js';
import type { FieldDefinition, FormState } from './form.js';

/** A field as templates see it. */
export interface FieldView {
  name: string;
  id: string;
  type: string;
  label: string;
  value: string;
  checked: boolean;
  required: boolean;
  description: { text: string; url: string | undefined } | undefined;
  errors: readonly string[];
  attributes: Readonly<Record<string, string>>;
  choices: readonly { value: string; label: string; selected: boolean }[];
}

/** A form as templates see it: `login_user_form` and its like. Passwords are never written back. */
export interface FormView {
  name: string;
  action: string;
  method: 'post';
  csrf_token: string;
  csrf_field_name: string;
  fields: Record<string, FieldView>;
  order: string[];
  errors: readonly string[];
}

export function viewForm(form: FormState, action: string, context: RequestContext): FormView {
  const { core, locale } = context;
  const fields = form.definition.fields
    .filter((field) => field.when?.(form, context) ?? true)
    .map((field) => viewField(field, form, context));
  return {
    name: form.definition.name,
    action,
    method: 'post',
    csrf_token: core.csrf.token(context),
    csrf_field_name: core.csrf.fieldName,
    fields: Object.fromEntries(
      [...fields, submitView(form, core.translate(form.definition.submit, locale))].map((field) => [field.name, field]),
    ),
    order: [...fields.map((field) => field.name), 'submit'],
    errors: form.formErrors,
  };
}

/** A hint that is a link goes when the link leads nowhere: the feature behind it is off. */
function viewDescription({ description }: FieldDefinition, context: RequestContext): FieldView['description'] {
  if (description === undefined) return undefined;
  const url = description.url?.(context);
  if (description.url !== undefined && url === undefined) return undefined;
  return { text: context.core.translate(description.text, context.locale), url };
}

function viewField(field: FieldDefinition, form: FormState, context: RequestContext): FieldView {
  const { core, locale } = context;
  const value = form.values.get(field.name) ?? field.initial?.(context) ?? '';
  const text = typeof value === 'string' && field.type !== 'password' ? value : '';
  return {
    name: field.name,
    id: field.name,
    type: field.type,
    label: core.translate(field.label, locale),
    value: text,
    checked: value === true,
    required: field.required !== undefined,
    description: viewDescription(field, context),
    errors: form.errors.get(field.name) ?? [],
    attributes: field.attributes ?? {},
    choices: (field.choices ?? []).map((choice) => ({
      value: choice.value,
      label: core.translate(choice.label, locale),
      selected: choice.value === text,
    })),
  };
}

function submitView(form: FormState, label: string): FieldView {
  return {
    name: 'submit',
    id: 'submit',
    type: 'submit',
    label,
    value: '',
    checked: false,
    required: false,
    description: undefined,
    errors: form.errors.get('submit') ?? [],
    attributes: {},
    choices: [],
  };
}
