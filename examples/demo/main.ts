/** Starts the demo: settings come from the environment, see README.md. */
import { resolve } from 'node:path';
import { createDemo } from './app.js';
import { demoUsers } from './demo-users.js';
import { listen } from './listen.js';
import { ListenError } from './listen-error.js';

const { env } = process;
const port = Number(env['PORT'] ?? 3000);
const development = env['NODE_ENV'] === 'development';

try {
  const demo = await createDemo({
    dataDirectory: resolve(env['DATA_DIR'] ?? 'data'),
    development,
    baseUrl: env['SITE_URL'],
    secretKey: env['SECRET_KEY'],
    smtpUrl: env['SMTP_URL'],
  });
  const server = await listen(demo.app, port, env['HOST']);
  announce(server.origin);
  const stop = async (): Promise<void> => {
    await server.close();
    await demo.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  // Both say in their text what to do; a stack would only hide it.
  const isClear = error instanceof ListenError || (error instanceof Error && error.name === 'ConfigurationError');
  console.error(isClear ? `\n${error.message}` : error);
  process.exit(1);
}

function announce(origin: string): void {
  const lines = [`The demo runs at ${origin}`];
  if (development) {
    const width = Math.max(...demoUsers.map((user) => user.email.length));
    lines.push('', 'Sign in as');
    for (const { email, password, description } of demoUsers)
      lines.push(`  ${email.padEnd(width)}  ${password}   (${description})`);
    lines.push('', `Mails are not sent but kept: ${origin}/outbox`);
  }
  console.log(`\n${lines.join('\n')}\n\nCtrl+C ends it.`);
}
