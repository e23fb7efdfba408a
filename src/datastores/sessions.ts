import type { BaseUser, SessionRow, UserDatastore } from './contract.js';
import { type Condition, type Driver, equal, type StoredRecord } from './driver.js';
import { asUser } from './users.js';

type Sessions<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  | 'createSession'
  | 'findSession'
  | 'touchSession'
  | 'updateSession'
  | 'deleteSession'
  | 'deleteUserSessions'
  | 'listSessions'
  | 'findRememberSeries'
  | 'rotateRememberSeries'
>;

function asSession(record: StoredRecord): SessionRow {
  // The driver maps each column of auth_session to the kind that columns.ts states; SessionRow says the same.
  return record as unknown as SessionRow;
}

export function sessionMethods<Row extends BaseUser>(driver: Driver): Sessions<Row> {
  const byId = (idHash: string): Condition => equal('id_hash', idHash);
  const find: Sessions<Row>['findSession'] = async (idHash, { now, idleSince }) => {
    const found = await driver.findSession({ kind: 'session', idHash, now, idleSince });
    return found === null ? null : { session: asSession(found.session), user: asUser<Row>(found.user) };
  };
  return {
    createSession: (row) => driver.insert('auth_session', { ...row }),
    findSession: find,
    async touchSession(idHash, lastSeenAt) {
      const where: Condition[] = [byId(idHash), { column: 'last_seen_at', operator: 'before', value: lastSeenAt }];
      await driver.update('auth_session', { last_seen_at: lastSeenAt }, where);
    },
    async updateSession(idHash, { methods, fs_uniquifier }) {
      const changes: StoredRecord = {};
      if (methods !== undefined) changes.methods = methods;
      if (fs_uniquifier !== undefined) changes.fs_uniquifier = fs_uniquifier;
      if (Object.keys(changes).length === 0) return (await driver.find('auth_session', [byId(idHash)])).length === 1;
      return (await driver.update('auth_session', changes, [byId(idHash)])) === 1;
    },
    deleteSession: async (idHash) => (await driver.delete('auth_session', [byId(idHash)])) > 0,
    deleteUserSessions(user, except = []) {
      const where: Condition[] = [equal('user_id', String(driver.keyOf(user)))];
      if (except.length > 0) where.push({ column: 'id_hash', operator: 'not in', value: except });
      return driver.delete('auth_session', where);
    },
    async listSessions(user, now) {
      const where: Condition[] = [
        equal('user_id', String(driver.keyOf(user))),
        equal('fs_uniquifier', user.fs_uniquifier),
        { column: 'expires_at', operator: 'after', value: now },
      ];
      return (await driver.find('auth_session', where, 'created_at')).map(asSession);
    },
    async findRememberSeries(idHash, now) {
      const found = await driver.findSession({ kind: 'remember', idHash, now, idleSince: -1 });
      return found === null ? null : { session: asSession(found.session), user: asUser<Row>(found.user) };
    },
    async rotateRememberSeries(idHash, from, to, now) {
      const where: Condition[] = [
        byId(idHash),
        equal('kind', 'remember'),
        equal('secret_hash', from),
        { column: 'expires_at', operator: 'after', value: now },
      ];
      const changes = { previous_secret_hash: from, secret_hash: to, rotated_at: now };
      return (await driver.update('auth_session', changes, where)) === 1;
    },
  };
}
