/** Views whose context the application can add to (specification 2.1.1), by the name of their processor. */
export const contextProcessorViews = {
  contextProcessor: 'all',
  loginContextProcessor: 'login',
  verifyContextProcessor: 'verify',
  registerContextProcessor: 'register',
  forgotPasswordContextProcessor: 'forgot_password',
  resetPasswordContextProcessor: 'reset_password',
  changePasswordContextProcessor: 'change_password',
  sendConfirmationContextProcessor: 'send_confirmation',
  sendLoginContextProcessor: 'send_login',
  mailContextProcessor: 'mail',
} as const;

export type ContextProcessorName = keyof typeof contextProcessorViews;
