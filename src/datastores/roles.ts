import type { BaseUser, PermissionsInput, Role, UserDatastore } from './contract.js';
import { DuplicateError } from './contract.js';
import { type Driver, equal, type StoredRecord } from './driver.js';
import { permissionsList } from './lists.js';

type Roles<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  | 'findRole'
  | 'createRole'
  | 'findOrCreateRole'
  | 'addRoleToUser'
  | 'removeRoleFromUser'
  | 'addPermissionsToRole'
  | 'removePermissionsFromRole'
>;

/** How often a list is read again because another writer came between; far more than can happen by chance. */
const attempts = 100;

function asRole(record: StoredRecord): Role {
  return {
    id: record.id,
    name: String(record.name),
    description: typeof record.description === 'string' ? record.description : null,
    permissions: Array.isArray(record.permissions) ? record.permissions.filter((item) => item !== '') : [],
  };
}

async function findRole(driver: Driver, name: unknown): Promise<Role | null> {
  if (typeof name !== 'string') return null;
  const [found] = await driver.find('role', [equal('name', name)]);
  return found === undefined ? null : asRole(found);
}

async function createRole(driver: Driver, given: StoredRecord & { permissions?: PermissionsInput }): Promise<Role> {
  const { permissions, ...values } = given;
  if (permissions !== undefined) values.permissions = permissionsList(permissions);
  if (driver.hasColumn('role', 'update_datetime')) values.update_datetime ??= new Date();
  await driver.insert('role', values);
  const made = await findRole(driver, values.name);
  if (made === null) throw new Error('The role that was just made is gone.');
  return made;
}

/** Replaces the permissions by what `change` makes of them, however many do so at once. */
async function changePermissions(
  driver: Driver,
  role: Role | string,
  change: (present: string[]) => string[],
): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const name = typeof role === 'string' ? role : role.name;
    const [present] = await driver.find('role', [equal('name', name)]);
    if (present === undefined) return false;
    const changes: StoredRecord = { permissions: change(asRole(present).permissions) };
    if (driver.hasColumn('role', 'update_datetime')) changes.update_datetime = new Date();
    const where = [equal('id', present.id), equal('permissions', present.permissions)];
    if ((await driver.update('role', changes, where)) === 1) return true;
  }
  throw new Error('The permissions of the role change faster than they can be written.');
}

export function roleMethods<Row extends BaseUser>(driver: Driver): Roles<Row> {
  const resolve = (role: Role | string) => findRole(driver, typeof role === 'string' ? role : role.name);
  return {
    findRole: (name) => findRole(driver, name),
    createRole: (values) => createRole(driver, values),
    async findOrCreateRole(name, values) {
      const found = await findRole(driver, name);
      if (found !== null) return found;
      try {
        return await createRole(driver, { ...values, name });
      } catch (error) {
        const made = error instanceof DuplicateError ? await findRole(driver, name) : null;
        if (made === null) throw error;
        return made;
      }
    },
    async addRoleToUser(user, role) {
      const found = await resolve(role);
      return found !== null && driver.link(driver.keyOf(user), found.id);
    },
    async removeRoleFromUser(user, role) {
      const found = await resolve(role);
      if (found === null) return false;
      const where = [equal('user_id', driver.keyOf(user)), equal('role_id', found.id)];
      return (await driver.delete('roles_users', where)) > 0;
    },
    addPermissionsToRole(role, permissions) {
      const added = permissionsList(permissions);
      return changePermissions(driver, role, (present) => [...new Set([...present, ...added])]);
    },
    removePermissionsFromRole(role, permissions) {
      const removed = new Set(permissionsList(permissions));
      return changePermissions(driver, role, (present) => present.filter((name) => !removed.has(name)));
    },
  };
}
