import { type DatabaseKind, databaseAvailable, openDatabase } from '../../../test/databases/index.js';
import { type ConformanceSubject, datastoreConformance } from '../conformance/index.js';
import { createTablesSql, type DrizzleDatabase, drizzleDatastore } from './index.js';
import { completeTables } from './testing/complete-tables.js';

async function open(kind: DatabaseKind, memory = false): Promise<ConformanceSubject> {
  const opened = await openDatabase(kind, { memory });
  const tables = completeTables[kind];
  for (const statement of createTablesSql(tables)) await opened.execute(statement);
  const on = (database: DrizzleDatabase) => drizzleDatastore(database, tables);
  const another = memory ? undefined : () => on(opened.another());
  return { datastore: on(opened.database), another, close: opened.close };
}

datastoreConformance({ name: 'drizzle on sqlite (file)', open: () => open('sqlite') });
datastoreConformance({ name: 'drizzle on sqlite (memory)', open: () => open('sqlite', true) });
for (const kind of ['postgresql', 'mysql'] as const) {
  const available = await databaseAvailable(kind);
  datastoreConformance({ name: `drizzle on ${kind}`, open: () => open(kind), available });
}
