import type { BaseUser, UserDatastore } from './contract.js';
import type { Driver } from './driver.js';
import { onceMethods } from './once.js';
import { roleMethods } from './roles.js';
import { secondFactorMethods } from './second-factors.js';
import { sessionMethods } from './sessions.js';
import { userMethods } from './users.js';
import { webauthnMethods } from './webauthn.js';

/**
 * The whole datastore on top of a driver: what every adapter shares. Errors of the database come out as they are,
 * but for a taken unique value, which is a `DuplicateError`.
 */
export function createDatastore<Row extends BaseUser>(driver: Driver): UserDatastore<Row> {
  return {
    ...userMethods<Row>(driver),
    ...roleMethods<Row>(driver),
    ...secondFactorMethods<Row>(driver),
    ...webauthnMethods<Row>(driver),
    ...sessionMethods<Row>(driver),
    ...onceMethods<Row>(driver),
    transaction: (work, options) =>
      driver.transaction(
        (transaction) => work(createDatastore<Row>(transaction)),
        options?.repeatable === true ? 'repeatable' : undefined,
      ),
  };
}
