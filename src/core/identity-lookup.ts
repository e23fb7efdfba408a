import type { User, UserDatastore } from '../datastores/contract.js';
import type { IdentityAttribute, IdentityAttributes, IdentityServices } from './config/identity-options.js';

/** Finds users by what they call themselves (specification 3.1.5: `lookup_identity`). */
export interface IdentityLookup {
  /** Names of the columns that identify a user, in order. */
  readonly attributes: readonly string[];
  attribute(name: string): IdentityAttribute | undefined;
  /** The user of the first attribute whose mapper accepts the text; `null` when there is none. */
  lookupIdentity(identity: string): Promise<User | null>;
  /** The user with this value in one attribute, mapped first; `null` when there is none. */
  findBy(attribute: string, identity: string): Promise<User | null>;
  /** The value that is stored and compared for a text, or nothing when it cannot be such an identity. */
  canonical(attribute: string, identity: string): string | undefined;
}

export function createIdentityLookup(
  attributes: IdentityAttributes,
  datastore: UserDatastore,
  services: IdentityServices,
): IdentityLookup {
  const byName = new Map(attributes.flatMap((entry) => Object.entries(entry)));
  const canonical: IdentityLookup['canonical'] = (name, identity) =>
    byName.get(name)?.mapper(identity, services) || undefined;
  const findBy: IdentityLookup['findBy'] = async (name, identity) => {
    const value = canonical(name, identity);
    if (value === undefined) return null;
    return await datastore.findUser({ [name]: value }, { caseInsensitive: byName.get(name)?.caseInsensitive ?? false });
  };
  return {
    attributes: [...byName.keys()],
    attribute: (name) => byName.get(name),
    canonical,
    findBy,
    async lookupIdentity(identity) {
      for (const name of byName.keys())
        if (canonical(name, identity) !== undefined) return await findBy(name, identity);
      return null;
    },
  };
}
