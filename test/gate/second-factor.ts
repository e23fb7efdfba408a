import { defineFeature, emptyForm, type FormDefinition, option, type Reply, submittedForm } from 'sallyport';

/** A second factor for tests, made of the public interface alone: the code is the user's own address backwards. */
export const codeOf = (email: string): string => [...email].reverse().join('');

const needed = new Set<string>();

/** Who needs a second factor, as a live record would tell; tests change it while the application runs. */
export const needs = {
  only(...emails: string[]): void {
    needed.clear();
    for (const email of emails) needed.add(email);
  },
};

const codeForm: FormDefinition = {
  name: 'code_form',
  contextName: 'verify_form',
  fields: [
    { name: 'code', type: 'text', label: 'Code', required: 'CODE_NOT_PROVIDED', maximumLength: 100 },
    { name: 'next', type: 'hidden', label: '', maximumLength: 4000 },
  ],
  submit: 'Continue',
  async validate(form, context) {
    const waiting = await context.core.gate.pending(context);
    if (waiting === null || form.text('code') !== codeOf(waiting.user.email))
      form.addError('code', { key: 'CODE_WRONG' });
  },
};

export const secondFactor = defineFeature<{ codeView: string }>({
  name: 'code',
  options: { codeView: option.path('/code', 'Path of the page that asks for the code.') },
  messages: {
    CODE_NOT_PROVIDED: { text: 'Please enter the code.', level: 'error' },
    CODE_WRONG: { text: 'This is not the code.', level: 'error' },
  },
  forms: () => [codeForm],
  routes: ({ codeView }) => [
    {
      endpoint: 'code',
      path: codeView,
      methods: ['GET', 'POST'],
      access: 'public',
      csrf: 'form',
      async handle(context): Promise<Reply> {
        const { core, request } = context;
        const page = (form: ReturnType<typeof emptyForm>): Reply => ({
          kind: 'page',
          template: 'security/verify.html',
          view: 'code',
          title: 'Code',
          form,
        });
        if (request.method !== 'POST')
          return page(emptyForm(context, 'code_form', { next: core.redirects.next(context) ?? '' }));
        const form = await submittedForm(context, 'code_form');
        if (!form.valid) return page(form);
        const result = await core.gate.complete(context, 'code');
        if (result.state !== 'signed-in') return { kind: 'refused', status: 401, message: { key: 'UNAUTHENTICATED' } };
        const redirect = core.redirects.after(context, core.config.postLoginView, form);
        return { kind: 'done', redirect, user: result.user, mayIncludeToken: true };
      },
    },
  ],
  contributes: () => [
    {
      to: 'gate',
      secondFactor: {
        name: 'code',
        required: (user, methods) =>
          needed.has(user.email) && !methods.includes('code')
            ? { endpoint: 'code', payload: { code_required: true } }
            : undefined,
      },
    },
    {
      to: 'form',
      form: 'login_form',
      before: 'remember',
      fields: [{ name: 'device', type: 'text', label: 'Name of this device', maximumLength: 20 }],
    },
    { to: 'response', endpoint: 'login', payload: () => ({ code_available: true }) },
    { to: 'page', view: 'login', slot: 'after_form', html: () => '<p class="code-hint">A code may be asked for.</p>' },
    {
      to: 'route',
      endpoint: 'logout',
      replace: (original) => ({
        ...original,
        handle: async (context, parameters) => {
          const reply = await original.handle(context, parameters);
          return reply.kind === 'done' ? { ...reply, redirect: '/bye' } : reply;
        },
      }),
    },
    { to: 'form', form: 'no_such_form', fields: [], optional: true },
    { to: 'route', endpoint: 'no_such_route', replace: (original) => original, optional: true },
    { to: 'response', endpoint: 'no_such_route', payload: () => ({}), optional: true },
  ],
});
