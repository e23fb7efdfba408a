import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { DoneReply, PageReply, Reply } from '../../core/reply.js';
import type { User } from '../../datastores/contract.js';
import { announce, createAccount, tellExisting, welcome } from './account.js';
import { withClaims } from './claims.js';
import { addErrors, type Existing, findExisting, isTaken } from './existing.js';
import type { RegistrationOptions } from './index.js';

export function registrationRoutes(options: RegistrationOptions): RouteDefinition[] {
  return [
    {
      endpoint: 'register',
      path: options.registerUrl,
      methods: ['GET', 'POST'],
      access: 'anonymous',
      csrf: 'form',
      handle: (context) => (context.request.method === 'POST' ? register(context, options) : show(context, options)),
    },
  ];
}

/** JSON never retypes, and who confirms an address can also ask for a new password (specification 2.1.2). */
function formName(context: RequestContext): string {
  return context.core.registry.has('confirmation') || context.wantsJson ? 'confirm_register_form' : 'register_form';
}

function page(options: RegistrationOptions, form: FormState): PageReply {
  return { kind: 'page', template: options.registerUserTemplate, view: 'register', title: 'Create an account', form };
}

async function show(context: RequestContext, options: RegistrationOptions): Promise<Reply> {
  const next = context.core.redirects.next(context) ?? '';
  return page(options, emptyForm(context, formName(context), { next }));
}

async function register(context: RequestContext, options: RegistrationOptions): Promise<Reply> {
  const form = await submittedForm(context, formName(context));
  if (!form.valid) return page(options, form);
  return await withClaims(context, form, (taken) => enroll(context, options, form, taken));
}

async function enroll(
  context: RequestContext,
  options: RegistrationOptions,
  form: FormState,
  taken: string | null,
): Promise<Reply> {
  const { core } = context;
  const known = await findExisting(context, form);
  const found = { ...known, other: known.other ?? taken };
  if (isTaken(found) && !core.config.returnGenericResponses) return refuse(form, found, options);
  // Hashed whether an account comes of it or not: both take the same time (law 8).
  const password = form.text('password');
  const hash = password === '' ? null : await core.passwords.hash(password);
  const made = isTaken(found) ? { existing: found } : await createAccount(context, form, hash);
  if ('user' in made) return await accept(context, options, form, made.user);
  if (!core.config.returnGenericResponses) return refuse(form, made.existing, options);
  core.registry.service('confirmation')?.markBrowser(context, null);
  await core.background.run('registration', () => tellExisting(context, form, made.existing, options));
  return answer(context, options, form);
}

function refuse(form: FormState, existing: Existing, options: RegistrationOptions): Reply {
  addErrors(form, existing);
  return page(options, form);
}

async function accept(
  context: RequestContext,
  options: RegistrationOptions,
  form: FormState,
  user: User,
): Promise<Reply> {
  const { core, request } = context;
  const confirmation = core.registry.service('confirmation');
  confirmation?.markBrowser(context, user);
  if (confirmation && !confirmation.loginWithoutConfirmation) {
    await core.background.run('registration', async () =>
      welcome(context, user, await announce(context, form, user), options),
    );
    return answer(context, options, form, core.config.returnGenericResponses ? undefined : user);
  }
  // Listeners hear of the account before they hear of its sign-in.
  const instructions = await announce(context, form, user);
  await core.background.run('registration', () => welcome(context, user, instructions, options));
  const result = await core.gate.signIn(context, user, { methods: ['register'] });
  if (result.state === 'pending') {
    const next = core.redirects.next(context, form);
    const redirect = core.urls.urlFor(result.pending.endpoint, request, { query: { next } });
    return { kind: 'done', redirect, payload: result.pending.payload };
  }
  const isSignedIn = result.state === 'signed-in';
  return { ...answer(context, options, form, isSignedIn ? result.user : user), mayIncludeToken: isSignedIn };
}

/** The answer to a registration. Where it must not tell whether there was an account, there is no `user` in it. */
function answer(context: RequestContext, options: RegistrationOptions, form: FormState, user?: User): DoneReply {
  const { core } = context;
  const message = { key: 'CONFIRM_REGISTRATION', parameters: { email: form.text('email') } };
  return {
    kind: 'done',
    redirect: core.redirects.after(context, options.postRegisterView ?? core.config.postLoginView, form),
    ...(core.registry.has('confirmation') ? { flash: message } : {}),
    user,
  };
}
