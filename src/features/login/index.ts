import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import { loginForm } from './form.js';
import { loginMessages } from './messages.js';
import { loginRoutes } from './routes.js';

/** Signing in with a password (specification 1.4.4; wire contract: `/login`). */
export interface LoginOptions {
  loginUrl: string;
  loginUserTemplate: string;
  requiresConfirmationErrorView: string | null;
}

export const login = defineFeature<LoginOptions>({
  name: 'login',
  options: {
    loginUrl: option.path('/login', 'Path of the sign-in page.', { specified: 'SECURITY_LOGIN_URL' }),
    loginUserTemplate: option.text('security/login_user.html', 'Template of the sign-in page.', {
      specified: 'SECURITY_LOGIN_USER_TEMPLATE',
    }),
    requiresConfirmationErrorView: option.view(null, 'Where to go who has still to confirm the address.', {
      specified: 'SECURITY_REQUIRES_CONFIRMATION_ERROR_VIEW',
    }),
  },
  messages: loginMessages,
  signals: ['userLoggedIn', 'userAuthenticated', 'identityChanged', 'userLoadedFromCookie', 'rememberTokenStolen'],
  userColumns: () => ['email', 'password', 'active', 'fs_uniquifier'],
  forms: (_options, config) => [loginForm(config)],
  routes: loginRoutes,
});
