import express, { type Express } from 'express';
import {
  type BaseUser,
  changePassword,
  confirmation,
  createSecurity,
  recovery,
  registration,
  type Security,
  type SecurityOptions,
  tracking,
} from 'sallyport';
import { expressSecurity } from 'sallyport/express';

export interface BackendOptions<Row extends BaseUser>
  extends Pick<SecurityOptions<Row>, 'secretKey' | 'datastore' | 'mailTransport'> {
  /** Where the backend is reached by the links in mails: `http://localhost:5000`, in production the site itself. */
  origin: string;
  /** Where the front end is served during development, when that is another port: `http://localhost:8080`. */
  frontEndOrigin?: string;
}

/** The backend of the single-page application: only JSON, and the pages on which mailed links arrive. */
export function createBackend<Row extends BaseUser>(
  options: BackendOptions<Row>,
): { app: Express; security: Security<Row> } {
  const { frontEndOrigin, origin, ...given } = options;
  const security = createSecurity({
    ...given,
    baseUrl: origin,
    urlPrefix: '/api/accounts',
    // Mailed links lead to views of the front end, with the outcome as query parameters.
    redirectBehavior: 'spa',
    redirectHost: frontEndOrigin === undefined ? null : new URL(frontEndOrigin).host,
    // There are no pages on which a message could wait.
    flashMessages: false,
    // Signed in, the token is a cookie that scripts can read; before, it comes with GET /login.
    csrfCookieName: 'XSRF-TOKEN',
    csrfTimeLimit: null,
    trustedOrigins: frontEndOrigin === undefined ? [] : [frontEndOrigin],
    // The front end's server hands requests on and says whom they are from.
    trustedProxies: ['127.0.0.1/32', '::1/128'],
    postLoginView: '/',
    loginErrorView: '/sign-in',
    features: [
      registration(),
      confirmation({ postConfirmView: '/confirmed', confirmErrorView: '/confirm-error' }),
      recovery({ resetView: '/reset-password', resetErrorView: '/reset-password-error' }),
      changePassword(),
      tracking(),
    ],
    // What the front end may know of whoever is signed in.
    user: { securityPayload: (user) => ({ email: user.email, sign_ins: user['login_count'] ?? 0 }) },
  });
  const { routes, authRequired, currentUser } = expressSecurity(security);
  const app = express();
  app.disable('x-powered-by');
  app.use(routes);
  app.get('/api/greeting', authRequired('session'), (request, response) => {
    response.set('Cache-Control', 'no-store').json({ text: `Hello, ${currentUser(request).email}.` });
  });
  return { app, security };
}
