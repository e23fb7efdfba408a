import { defineFeature } from '../../core/feature.js';
import { recordLogin } from './record-login.js';

/** Notes when and from where a user last signed in, and how often (specification 1.4.12, and the chapter Models). */
export const tracking = defineFeature<object>({
  name: 'tracking',
  flag: 'SECURITY_TRACKABLE',
  options: {},
  userColumns: () => ['last_login_at', 'current_login_at', 'last_login_ip', 'current_login_ip', 'login_count'],
  contributes: () => [{ to: 'gate', signedIn: recordLogin }],
  flags: () => ({ trackable: true }),
});
