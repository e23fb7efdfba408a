/** Requests to the backend: the wire contract in one place. */

const accounts = '/api/accounts';
const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** What the backend found wrong: by field, and of the form as a whole. */
export class Refusal extends Error {
  constructor(status, response) {
    const { errors = [], field_errors: fieldErrors } = response ?? {};
    super(errors[0] ?? 'Something went wrong. Please try again.');
    this.status = status;
    const { '': form = [], ...fields } = fieldErrors ?? { '': errors };
    this.fields = fields;
    this.form = form.length + Object.keys(fields).length > 0 ? form : [this.message];
  }
}

const read = (name) =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** Signed in, the token is a cookie; before, it comes with the sign-in form. */
async function csrfToken() {
  const cookie = read('XSRF-TOKEN');
  if (cookie !== undefined) return decodeURIComponent(cookie);
  return (await send('GET', `${accounts}/login`)).csrf_token;
}

async function send(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (changing.has(method)) {
    headers['Content-Type'] = 'application/json';
    headers['X-XSRF-Token'] = await csrfToken();
  }
  let answer;
  try {
    answer = await fetch(path, { method, headers, credentials: 'same-origin', body: body && JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { errors: ['The server cannot be reached. Are you online?'] });
  }
  const parsed = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Refusal(answer.status, parsed?.response);
  return parsed?.response ?? parsed;
}

const post = (path, body = {}) => send('POST', `${accounts}${path}`, body);

/** Who is signed in, also after the page was loaded again: `undefined` when nobody is. */
export const whoAmI = async () => (await send('GET', `${accounts}/login`)).user;
export const signIn = async (fields) => (await post('/login', fields)).user;
export const signOut = () => post('/logout');
export const register = (fields) => post('/register', fields);
export const resendConfirmation = (fields) => post('/confirm', fields);
export const forgotPassword = (fields) => post('/reset', fields);
export const resetPassword = (token, fields) => post(`/reset/${encodeURIComponent(token)}`, fields);
export const changePassword = (fields) => post('/change', fields);
export const greeting = async () => (await send('GET', '/api/greeting')).text;
