import type { Feature, FeatureFactory } from '../core/feature.js';
import type { MessageCatalog } from '../core/messages.js';
import type { OptionDeclaration } from '../core/options.js';
import { changePassword } from './change-password/index.js';
import { confirmation } from './confirmation/index.js';
import { passwordless } from './passwordless/index.js';
import { recovery } from './recovery/index.js';
import { registration } from './registration/index.js';
import { tracking } from './tracking/index.js';

/** A feature that applications switch on, with what loaders and documents need to know about it. */
export interface OptionalFeature {
  readonly name: string;
  /** The specified switch: `SECURITY_REGISTERABLE`. */
  readonly flag: string | undefined;
  readonly options: Readonly<Record<string, OptionDeclaration<unknown>>>;
  readonly messages: MessageCatalog;
  make(given: Readonly<Record<string, unknown>>): Feature;
}

/** A factory seen without the type of its options, so that different ones fit into one list. */
export function asOptionalFeature<Options extends object>(factory: FeatureFactory<Options>): OptionalFeature {
  return {
    name: factory.featureName,
    flag: factory.flag,
    options: Object.fromEntries(Object.entries<OptionDeclaration<unknown>>(factory.options)),
    messages: factory.messages,
    // The factory checks names and values itself.
    make: (given) => factory(given as Partial<Options>),
  };
}

/** Every optional feature that is built, in the order in which `fromFlaskConfig` switches them on. */
export const optionalFeatures: readonly OptionalFeature[] = [
  asOptionalFeature(registration),
  asOptionalFeature(confirmation),
  asOptionalFeature(recovery),
  asOptionalFeature(changePassword),
  asOptionalFeature(passwordless),
  asOptionalFeature(tracking),
];
