import type { RequestBody } from '../http/types.js';
import type { RequestContext } from './context.js';
import type { FieldDefinition, FieldValue, FormDefinition, FormState, StandardSchema } from './form.js';
import type { MessageReference } from './messages.js';

const refused: MessageReference = { key: 'API_ERROR' };
const trueWords = new Set(['y', 'yes', 'true', 'on', '1', 't']);

/** Text that no field may hold: NUL and halves of surrogate pairs. */
export function isCleanText(text: string): boolean {
  return (
    !text.includes('\u0000') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)
  );
}

/**
 * Reads the fields of a form out of a body and applies their rules, then the form's. A value that is not text (or, for
 * a checkbox, not a boolean) is a field error, never an exception; unknown fields are ignored.
 */
export async function fillForm(form: FormState, body: RequestBody, context: RequestContext): Promise<void> {
  if (body.kind === 'json' && (typeof body.value !== 'object' || body.value === null || Array.isArray(body.value))) {
    form.addError(null, refused);
    return;
  }
  const fields = form.definition.fields.filter((field) => field.when?.(form, context) ?? true);
  for (const field of fields) readField(form, field, body);
  for (const field of fields) if (!form.errors.has(field.name)) await judgeField(form, field, context);
}

/** Runs the rules that look at the form as a whole: only when every field was accepted. */
export async function judgeForm(form: FormState, definition: FormDefinition, context: RequestContext): Promise<void> {
  if (form.valid) await definition.validate?.(form, context);
}

function readField(form: FormState, field: FieldDefinition, body: RequestBody): void {
  const raw = rawValue(body, field);
  if (raw === undefined) {
    // A browser sends nothing for an unticked box; in JSON, absence means "not said".
    if (field.type === 'checkbox' && body.kind === 'form') form.values.set(field.name, false);
    return;
  }
  form.submitted.add(field.name);
  const value = field.type === 'checkbox' ? toFlag(raw) : toText(raw, field);
  if (value === undefined) form.addError(field.name, refused);
  else form.values.set(field.name, value);
}

/** The value as sent; of several form values with one name none is believed. */
function rawValue(body: RequestBody, field: FieldDefinition): unknown {
  if (body.kind === 'json') {
    const record = body.value as Record<string, unknown>; // fillForm() let only plain objects through
    return Object.hasOwn(record, field.name) ? record[field.name] : undefined;
  }
  if (body.kind !== 'form') return undefined;
  const values = body.fields.get(field.name);
  return values === undefined || values.length === 1 ? values?.[0] : values;
}

function toFlag(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw;
  return typeof raw === 'string' && raw.length <= 8 ? trueWords.has(raw.toLowerCase()) : undefined;
}

function toText(raw: unknown, field: FieldDefinition): string | undefined {
  if (typeof raw !== 'string' || raw.length > (field.maximumLength ?? 1000) || !isCleanText(raw)) return undefined;
  if (field.choices && raw !== '' && !field.choices.some((choice) => choice.value === raw)) return undefined;
  return raw;
}

async function judgeField(form: FormState, field: FieldDefinition, context: RequestContext): Promise<void> {
  if (field.type === 'checkbox') return;
  const value = form.text(field.name);
  if (value.trim() === '') {
    if (field.required !== undefined) form.addError(field.name, { key: field.required });
    return;
  }
  const problem = await field.rule?.(value, form, context);
  if (problem !== undefined) form.addError(field.name, problem);
  if (field.schema) await judgeSchema(form, field.name, form.values.get(field.name), field.schema);
}

async function judgeSchema(
  form: FormState,
  name: string,
  value: FieldValue | undefined,
  schema: StandardSchema,
): Promise<void> {
  const result = await schema['~standard'].validate(value);
  if (result.issues) {
    for (const issue of result.issues) form.addError(name, issue.message);
  } else if (typeof result.value === 'string' || typeof result.value === 'boolean') form.values.set(name, result.value);
}
