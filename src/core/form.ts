import type { User } from '../datastores/contract.js';
import type { RequestContext } from './context.js';
import type { MessageReference } from './messages.js';

export type FieldType = 'text' | 'email' | 'password' | 'checkbox' | 'hidden' | 'select' | 'radio' | 'textarea';
export type FieldValue = string | boolean;

/** A rule of one field: answers nothing, a message, or a ready text. It may read other fields and set the field's value. */
export type FieldRule = (
  value: string,
  form: FormState,
  context: RequestContext,
) => MessageReference | string | undefined | Promise<MessageReference | string | undefined>;

/** The part of the Standard Schema interface (version 1) that validators of any library offer. */
export interface StandardSchema {
  readonly '~standard': {
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** One field of a form: what it is called, how it looks, what it accepts. */
export interface FieldDefinition {
  /** Name in the form and in JSON: a contract. */
  name: string;
  type: FieldType;
  /** Text of the label, translated when shown. */
  label: string;
  /** The form has no such field where this answers false; what is sent for it is ignored. */
  when?: (form: FormState, context: RequestContext) => boolean;
  /** Message key when the field is empty; absent: the field may stay empty. */
  required?: string;
  /** HTML attributes: `autocomplete`, `inputmode` … */
  attributes?: Readonly<Record<string, string>>;
  /** A hint under the field, with a link if `url` answers one. */
  description?: { text: string; url?: (context: RequestContext) => string | undefined };
  choices?: readonly { value: string; label: string }[];
  /** Most UTF-16 units; longer values are a field error. Default 1000. */
  maximumLength?: number;
  rule?: FieldRule;
  schema?: StandardSchema;
  /** Value that an empty form shows. */
  initial?: (context: RequestContext) => FieldValue;
}

/** A named form of the specification (2.1.2). */
export interface FormDefinition {
  /** `login_form` … */
  name: string;
  /** Name in the template's context: `login_user_form`. */
  contextName: string;
  fields: readonly FieldDefinition[];
  /** Text of the button. */
  submit: string;
  /** Judges the form as a whole once every field was accepted. */
  validate?: (form: FormState, context: RequestContext) => Promise<void>;
}

/** What the application adds to a form: `forms: { loginForm: { fields: [captcha] } }`. */
export interface FormExtension {
  fields?: readonly FieldDefinition[];
  /** Runs after our own rules; adds errors with `form.addError`. */
  validate?: (form: FormState, context: RequestContext) => void | Promise<void>;
}

/** A form as it was submitted, or empty. */
export class FormState {
  readonly definition: FormDefinition;
  readonly values = new Map<string, FieldValue>();
  readonly errors = new Map<string, string[]>();
  readonly formErrors: string[] = [];
  /** Fields that were in the request. */
  readonly submitted = new Set<string>();
  /** Whom the form is about, once that is known. */
  user: User | undefined;
  readonly #say: (message: MessageReference) => string;

  constructor(definition: FormDefinition, say: (message: MessageReference) => string) {
    this.definition = definition;
    this.#say = say;
  }

  /** The text of a field; empty when it was not sent. */
  text(name: string): string {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : '';
  }

  /** The state of a checkbox; `undefined` when the form has no such field or JSON did not name it. */
  flag(name: string): boolean | undefined {
    const value = this.values.get(name);
    return typeof value === 'boolean' ? value : undefined;
  }

  /** Adds an error to a field, or (`null`) to the form as a whole. */
  addError(field: string | null, message: MessageReference | string): void {
    const text = typeof message === 'string' ? message : this.#say(message);
    if (field === null) this.formErrors.push(text);
    else this.errors.set(field, [...(this.errors.get(field) ?? []), text]);
  }

  /** Replaces every error by one of the form as a whole: what a stranger may be told (specification 2.5.4). */
  replaceErrors(message: MessageReference): void {
    this.clearErrors();
    this.addError(null, message);
  }

  clearErrors(): void {
    this.errors.clear();
    this.formErrors.length = 0;
  }

  get valid(): boolean {
    return this.errors.size === 0 && this.formErrors.length === 0;
  }
}
