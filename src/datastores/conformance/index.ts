/** What every datastore has to do, races included: run it from a test file of the adapter. */
import { afterAll, beforeAll, describe } from 'vitest';
import { hostileValues } from './hostile-values.js';
import { onceStories } from './once.js';
import { races } from './races.js';
import { roleStories } from './roles.js';
import { secondFactorStories } from './second-factors.js';
import { sessionStories } from './sessions.js';
import type { Conformance, ConformanceSubject } from './subject.js';
import { transactionStories } from './transactions.js';
import { userStories } from './users.js';
import { webauthnStories } from './webauthn.js';

export type { Conformance, ConformanceSubject } from './subject.js';

/**
 * Defines the suite for one adapter on one database.
 *
 * @example
 * datastoreConformance({ name: 'mine on sqlite', open: async () => ({ datastore, close: async () => {} }) });
 */
export function datastoreConformance({ name, open, available = true }: Conformance): void {
  describe.skipIf(!available)(`datastore conformance: ${name}`, () => {
    let opened: ConformanceSubject | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    const subject = (): ConformanceSubject => {
      if (opened === undefined) throw new Error('The datastore could not be opened.');
      return opened;
    };
    userStories(subject);
    hostileValues(subject);
    roleStories(subject);
    secondFactorStories(subject);
    webauthnStories(subject);
    sessionStories(subject);
    onceStories(subject);
    transactionStories(subject);
    races(subject);
  });
}
