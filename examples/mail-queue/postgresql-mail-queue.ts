import type { MailQueue } from 'sallyport';
import type { Database } from './table.js';

/**
 * The application's end of the queue, for `createSecurity({ mailQueue })`. A mail with an id that is there already is
 * the same mail. Nothing is connected to SMTP here.
 */
export function postgresqlMailQueue(database: Database): MailQueue {
  return {
    async enqueue(mail) {
      await database.query('insert into mail_queue (id, mail) values ($1, $2) on conflict (id) do nothing', [
        mail.id,
        JSON.stringify(mail),
      ]);
      // Workers that listen wake up; without any, nobody minds.
      await database.query('notify mail_queue');
    },
  };
}
