/** What a page may be given, filled with one text everywhere: harmless for the rendering tests, hostile for the others. */
export interface SampleField {
  name: string;
  id: string;
  type: string;
  label: string;
  value?: string;
  checked?: boolean;
  required?: boolean;
  description?: { text: string; url?: string };
  errors: string[];
  attributes: Record<string, string>;
  choices?: { value: string; label: string; selected: boolean }[];
}

export const fieldTypes = ['hidden', 'text', 'email', 'password', 'textarea', 'select', 'radio', 'checkbox', 'submit'];

export const formPages: Record<string, string> = {
  login_user: 'login_user_form',
  verify: 'verify_form',
  register_user: 'register_user_form',
  forgot_password: 'forgot_password_form',
  reset_password: 'reset_password_form',
  change_password: 'change_password_form',
  send_confirmation: 'send_confirmation_form',
  confirm_email: 'confirm_email_form',
  send_login: 'send_login_form',
};

export const plainPages = ['error', 'confirm_action'];

export const pages = [...Object.keys(formPages), ...plainPages];

export const mails = [
  'welcome',
  'confirmation_instructions',
  'login_instructions',
  'reset_instructions',
  'reset_notice',
  'change_notice',
  'welcome_existing',
  'welcome_existing_username',
  'two_factor_instructions',
  'two_factor_rescue',
  'us_instructions',
];

/** A form with a field of every kind, `text` in every place that a page shows. */
export function sampleForm(name: string, text: string, errors: string[] = []): Record<string, unknown> {
  const fields: Record<string, SampleField> = {};
  for (const type of fieldTypes) {
    const choices = ['a', text].map((value, index) => ({ value, label: text, selected: index === 1 }));
    fields[`${type}_field`] = {
      name: `${type}_field`,
      id: `${type}_field`,
      type,
      label: text,
      value: text,
      checked: true,
      required: true,
      description: { text },
      errors: [...errors],
      attributes: { title: text },
      ...(type === 'select' || type === 'radio' ? { choices } : {}),
    };
  }
  return { name, action: '/form', method: 'post', csrf_token: text, fields, order: Object.keys(fields), errors };
}

/** The least that the core provides for a page. */
export function minimalPage(page: string): Record<string, unknown> {
  const form = formPages[page];
  return form === undefined ? {} : { [form]: { name: form, action: '/x', fields: {}, order: [], errors: [] } };
}

/** Everything that a page can show, `text` in all of it. */
export function fullPage(page: string, text: string): Record<string, unknown> {
  const form = formPages[page];
  const flags = { registerable: true, recoverable: true, confirmable: true, changeable: true };
  return {
    ...(form === undefined ? {} : { [form]: sampleForm(form, text, [text]) }),
    security: flags,
    url_for_security: (endpoint: string) => `/${endpoint}`,
    csrf_token: () => text,
    get_flashed_messages: () => ['success', 'info', 'warning', 'error', text].map((category) => [category, text]),
    current_user: page === 'verify' || page === 'change_password' ? { is_authenticated: true } : null,
    stylesheet_url: '/static/sallyport.css',
    theme_url: '/theme.css',
    home_url: text,
    app_name: text,
    page_title: text,
    title: text,
    text,
    message: text,
    advice: text,
    button: text,
    action: text,
    next: text,
    status: 403,
    retry_after: text,
    actions: [{ url: text, label: text }],
    hidden: { token: text },
    lang: 'en',
    dir: 'ltr',
  };
}

/** Everything that a mail can show, `text` in all that a user could have typed. */
export function fullMail(text: string, link: string): Record<string, unknown> {
  return {
    app_name: 'Acme',
    user: { email: text, username: text, name: text },
    email: text,
    username: text,
    within: '5 days',
    confirmation_link: link,
    confirmation_token: 'token',
    login_link: link,
    login_token: '123456',
    token: '654321',
    reset_link: link,
    reset_token: 'token',
    recovery_link: link,
  };
}
