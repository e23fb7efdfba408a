import type { Role, SessionRow, User } from '../datastores/contract.js';
import type { Mechanism } from './config/csrf-options.js';

/** Who a request comes from, and how that is known. Made by the gate and by nothing else. */
export interface Identity {
  readonly user: User;
  readonly via: Mechanism;
  /** The row of a server session. */
  readonly session: SessionRow | undefined;
}

/** Has the user this role (specification 3.1.3, `has_role`)? */
export function hasRole(user: { roles: readonly Role[] } | null | undefined, role: string | { name: string }): boolean {
  const name = typeof role === 'string' ? role : role.name;
  return user?.roles.some((own) => own.name === name) ?? false;
}

/** Has the user this permission through one of its roles (specification 3.1.3, `has_permission`)? */
export function hasPermission(user: { roles: readonly Role[] } | null | undefined, permission: string): boolean {
  return user?.roles.some((role) => role.permissions.includes(permission)) ?? false;
}
