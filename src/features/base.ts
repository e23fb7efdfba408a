import type { Feature } from '../core/feature.js';
import type { OptionDeclarations } from '../core/options.js';
import { type LoginOptions, login } from './login/index.js';
import { type LogoutOptions, logout } from './logout/index.js';
import { staticFiles } from './static-files/index.js';
import { type VerifyOptions, verify } from './verify/index.js';

/** Options of the features that are always on: they are given at the top level of `createSecurity`. */
export interface BaseFeatureOptions extends LoginOptions, LogoutOptions, VerifyOptions {}

export const baseOptionDeclarations: OptionDeclarations<BaseFeatureOptions> = {
  ...login.options,
  ...logout.options,
  ...verify.options,
};

/** The features that are always on, with their share of the options. */
export function baseFeatures(options: Readonly<Record<string, unknown>>): Feature[] {
  const share = (declarations: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.keys(declarations)
        .filter((name) => options[name] !== undefined)
        .map((name) => [name, options[name]]),
    );
  return [login(share(login.options)), logout(share(logout.options)), verify(share(verify.options)), staticFiles()];
}
