import { userColumnKinds } from '../../datastores/columns.js';

const specified = new Set([...Object.keys(userColumnKinds), 'id', 'roles', 'permissions', 'webauthn']);

/**
 * May a form never write this column? All that the specification's model has, whatever later versions of it may add,
 * and the key: who registers decides about no role, no right and no proof.
 */
export function isProtectedColumn(name: string): boolean {
  return specified.has(name) || /^(_|fs_|tf_|us_|mf_|wan_|sp_)/.test(name);
}
