import { coreOptions } from '../core/config/index.js';
import type { OptionDeclaration } from '../core/options.js';
import { baseOptionDeclarations } from '../features/base.js';
import type { OptionalFeature } from '../features/optional.js';

/** Where the value of a specified name goes. */
export interface Target {
  /** The option's name in `createSecurity`, or in the feature. */
  option: string;
  declaration: OptionDeclaration<unknown>;
  /** Absent: an option of `createSecurity` itself. */
  feature?: OptionalFeature;
}

/** The specified names that options declare; one name may serve several features. */
export function declaredNames(features: readonly OptionalFeature[]): ReadonlyMap<string, readonly Target[]> {
  const targets: Target[] = [
    ...targetsOf(coreOptions),
    ...targetsOf(baseOptionDeclarations),
    ...features.flatMap((feature) => targetsOf(feature.options).map((target) => ({ ...target, feature }))),
  ];
  const byName = new Map<string, Target[]>();
  for (const target of targets) {
    const name = target.declaration.specified;
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), target]);
  }
  return byName;
}

function targetsOf(declarations: object): Target[] {
  return Object.entries(declarations).map(([option, declaration]: [string, OptionDeclaration<unknown>]) => ({
    option,
    declaration,
  }));
}

/**
 * A specified value in our own form.
 * @throws Error that says what is wrong with it
 */
export function toOwnValue(declaration: OptionDeclaration<unknown>, value: unknown): unknown {
  const converted = declaration.convert ? declaration.convert(value) : value;
  const parsed = declaration.schema.safeParse(converted);
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => issue.message).join('; '));
  return parsed.data;
}
