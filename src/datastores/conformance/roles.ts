import { describe, expect, it } from 'vitest';
import { DuplicateError } from '../contract.js';
import { existing, fresh, makeUser, type Subject } from './subject.js';

let counter = 0;
const uniqueRole = (): string => `role-${Date.now()}-${counter++}`;

export function roleStories(subject: Subject): void {
  describe('roles', () => {
    it('takes permissions as a list, a set or text, and hands out a list', async () => {
      const { datastore } = subject();
      for (const permissions of [['read', 'write'], new Set(['read', 'write']), ' read, write,,read ']) {
        const name = uniqueRole();
        const role = await datastore.createRole({ name, description: 'What it may', permissions });
        expect(role).toMatchObject({ name, description: 'What it may', permissions: ['read', 'write'] });
        expect(await datastore.findRole(name)).toEqual(role);
      }
      const bare = await datastore.createRole({ name: uniqueRole() });
      expect(bare).toMatchObject({ description: null, permissions: [] });
    });

    it('refuses a name that is taken, unless asked to find it', async () => {
      const { datastore } = subject();
      const role = await datastore.createRole({ name: uniqueRole() });
      await expect(datastore.createRole({ name: role.name })).rejects.toThrow(DuplicateError);
      expect(await datastore.findOrCreateRole(role.name, { description: 'other' })).toEqual(role);
      expect(await datastore.findOrCreateRole(uniqueRole(), { permissions: 'a' })).toMatchObject({
        permissions: ['a'],
      });
      expect(await datastore.findRole(role.name.toUpperCase())).toBeNull();
    });

    it('comes with its user, several of them, permissions split', async () => {
      const { datastore } = subject();
      const first = await datastore.createRole({ name: uniqueRole(), permissions: 'read,write' });
      const second = await datastore.createRole({ name: uniqueRole(), description: '"quoted", \\ and é' });
      const user = await makeUser(datastore, { roles: [first.name, second] });
      const found = await fresh(datastore, user);
      expect(found.roles).toHaveLength(2);
      expect(found.roles).toEqual(expect.arrayContaining([first, second]));
      await expect(makeUser(datastore, { roles: ['no-such-role'] })).rejects.toThrow(TypeError);
    });

    it('leaves no user behind when a role does not exist', async () => {
      const { datastore } = subject();
      const email = `${uniqueRole()}@example.com`;
      await expect(datastore.createUser({ email, roles: ['no-such-role'] })).rejects.toThrow(TypeError);
      expect(await datastore.findUser({ email })).toBeNull();
    });

    it('is added and removed once', async () => {
      const { datastore } = subject();
      const role = await datastore.createRole({ name: uniqueRole() });
      const user = await makeUser(datastore);
      expect(await datastore.addRoleToUser(user, role)).toBe(true);
      expect(await datastore.addRoleToUser(user, role.name)).toBe(false);
      expect(await datastore.addRoleToUser(user, 'no-such-role')).toBe(false);
      expect((await fresh(datastore, user)).roles).toEqual([role]);
      expect(await datastore.removeRoleFromUser(user, role.name)).toBe(true);
      expect(await datastore.removeRoleFromUser(user, role)).toBe(false);
      expect(await datastore.removeRoleFromUser(user, 'no-such-role')).toBe(false);
      expect((await fresh(datastore, user)).roles).toEqual([]);
    });

    it('gains and loses permissions', async () => {
      const { datastore } = subject();
      const { name } = await datastore.createRole({ name: uniqueRole() });
      expect(await datastore.addPermissionsToRole(name, ['read', 'write'])).toBe(true);
      expect(await datastore.addPermissionsToRole(name, 'write, admin')).toBe(true);
      expect(existing(await datastore.findRole(name)).permissions).toEqual(['read', 'write', 'admin']);
      expect(await datastore.removePermissionsFromRole(name, new Set(['read', 'none']))).toBe(true);
      expect(existing(await datastore.findRole(name)).permissions).toEqual(['write', 'admin']);
      expect(await datastore.removePermissionsFromRole(name, 'write,admin')).toBe(true);
      expect(existing(await datastore.findRole(name)).permissions).toEqual([]);
      expect(await datastore.addPermissionsToRole(name, 'again')).toBe(true);
      expect(await datastore.addPermissionsToRole('no-such-role', 'x')).toBe(false);
      expect(await datastore.removePermissionsFromRole('no-such-role', 'x')).toBe(false);
    });
  });
}
