import * as api from './api.js';
import { announce, element, heading, link, paragraph } from './dom.js';
import { form } from './form.js';

const email = { name: 'email', label: 'Email address', type: 'email', autocomplete: 'email' };
const password = { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' };
const chosen = (name, label) => ({ name, label, type: 'password', autocomplete: 'new-password' });

/** In place of a form that has done its work. */
const done = (title, ...texts) => [heading(title), ...texts.map((text) => paragraph(text))];

/** Each view gets the application and the query of its address; it answers what to show. */
export const views = {
  async '/'({ user, go }) {
    if (user === undefined) return go('/sign-in');
    const text = await api.greeting();
    return [
      heading('Welcome back'),
      paragraph(text),
      element(
        'dl',
        {},
        element('dt', {}, 'Signed in as'),
        element('dd', { id: 'me' }, user.email),
        element('dt', {}, 'Sign-ins so far'),
        element('dd', {}, String(user.sign_ins)),
      ),
      paragraph(link('/change-password', 'Change your password')),
    ];
  },

  '/sign-in': ({ user, go, setUser }, query) =>
    user !== undefined
      ? go('/')
      : [
          heading('Sign in'),
          ...outcome(query),
          form({
            fields: [email, password, { name: 'remember', label: 'Stay signed in on this device', type: 'checkbox' }],
            button: 'Sign in',
            async submit(fields) {
              setUser(await api.signIn(fields));
              go('/');
            },
          }),
          element(
            'p',
            { class: 'links' },
            link('/register', 'Create an account'),
            link('/forgot', 'Forgot your password?'),
          ),
        ],

  '/register': ({ show }) => [
    heading('Create an account'),
    form({
      fields: [email, { ...chosen('password', 'Password'), hint: 'At least 8 characters: a few words are best.' }],
      button: 'Create account',
      async submit(fields) {
        await api.register(fields);
        show(
          done('Look into your mailbox', `We have written to ${fields.email}. The link there completes your account.`),
        );
      },
    }),
    element('p', { class: 'links' }, link('/sign-in', 'You have an account?')),
  ],

  '/confirmed': (_application, query) => [
    heading('Your address is confirmed'),
    ...outcome(query),
    paragraph(link('/sign-in', 'Sign in')),
  ],

  '/confirm-error': ({ show }, query) => [
    heading('This link does not work'),
    ...outcome(query),
    form({
      fields: [email],
      button: 'Send a new link',
      async submit(fields) {
        await api.resendConfirmation(fields);
        show(done('Look into your mailbox', 'If that address waits to be confirmed, a new link is on its way.'));
      },
    }),
  ],

  '/forgot': ({ show }) => [
    heading('Forgot your password?'),
    form({
      fields: [email],
      button: 'Send me a link',
      async submit(fields) {
        await api.forgotPassword(fields);
        show(done('Look into your mailbox', 'If there is an account with that address, a link is on its way.'));
      },
    }),
    element('p', { class: 'links' }, link('/sign-in', 'Back to signing in')),
  ],

  '/reset-password'({ go }, query) {
    const token = query.get('token');
    if (token === null) return go('/forgot');
    // The token is worth a password: it stays in this tab's memory only.
    history.replaceState(null, '', '/reset-password');
    return [
      heading('Choose a new password'),
      form({
        fields: [chosen('password', 'New password'), chosen('password_confirm', 'The same again')],
        button: 'Save password',
        async submit(fields) {
          await api.resetPassword(token, fields);
          await go('/sign-in');
          announce('Your new password is saved. Please sign in with it.');
        },
      }),
    ];
  },

  '/reset-password-error': (_application, query) => [
    heading('This link does not work'),
    ...outcome(query),
    paragraph(link('/forgot', 'Ask for a new one')),
  ],

  '/change-password': ({ user, go }) =>
    user === undefined
      ? go('/sign-in')
      : [
          heading('Change your password'),
          form({
            fields: [
              password,
              chosen('new_password', 'New password'),
              chosen('new_password_confirm', 'The same again'),
            ],
            button: 'Change password',
            async submit(fields) {
              await api.changePassword(fields);
              await go('/');
              announce('Your password is changed.');
            },
          }),
        ],
};

/** What a mailed link has to tell comes as a parameter named after its level. */
function outcome(query) {
  return ['error', 'warning', 'info', 'success']
    .filter((level) => query.has(level))
    .map((level) => element('p', { class: `note ${level}` }, query.get(level)));
}
