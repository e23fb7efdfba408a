import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import { verifyForm } from './form.js';
import { verifyMessages } from './messages.js';
import { verifyRoutes } from './routes.js';

/** Confirming again that it is you, before something sensitive (specification 1.4.4, 2.5.1; wire contract: `/verify`). */
export interface VerifyOptions {
  verifyUrl: string;
  verifyTemplate: string;
  postVerifyView: string | null;
}

export const verify = defineFeature<VerifyOptions>({
  name: 'verify',
  options: {
    verifyUrl: option.path('/verify', 'Path of the page that asks for the password again.', {
      specified: 'SECURITY_VERIFY_URL',
    }),
    verifyTemplate: option.text('security/verify.html', 'Template of that page.', {
      specified: 'SECURITY_VERIFY_TEMPLATE',
    }),
    postVerifyView: option.view(null, 'Where to go afterwards when the request names no page.', {
      specified: 'SECURITY_POST_VERIFY_VIEW',
    }),
  },
  messages: verifyMessages,
  forms: () => [verifyForm],
  routes: verifyRoutes,
});
