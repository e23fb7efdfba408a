/** A server process of the benchmark: `server.js guard <framework> <file> <port>` or `server.js login <side> <file> <port>`. */
import { apps, startLogin } from './apps.js';
import { connect } from './database.js';
import type { Framework } from './settings.js';

const [kind, which = '', file = '', port = ''] = process.argv.slice(2);
const client = await connect(file);
if (kind === 'guard')
  await apps[which as Framework](client, Number(port)); // given by bench/index.ts
else await startLogin(which === 'ours' ? 'ours' : 'hand', client, Number(port));
process.send?.('ready');
