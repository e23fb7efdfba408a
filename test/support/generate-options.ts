import { csrfOptions } from '../../src/core/config/csrf-options.js';
import { credentialOptions, generalOptions } from '../../src/core/config/general-options.js';
import { identityOptions } from '../../src/core/config/identity-options.js';
import { coreOptions } from '../../src/core/config/index.js';
import { mailOptions } from '../../src/core/config/mail-options.js';
import { passwordOptions } from '../../src/core/config/password-options.js';
import { redirectOptions } from '../../src/core/config/redirect-options.js';
import { sessionOptions } from '../../src/core/config/session-options.js';
import type { OptionDeclaration } from '../../src/core/options.js';
import { login } from '../../src/features/login/index.js';
import { logout } from '../../src/features/logout/index.js';
import { optionalFeatures } from '../../src/features/optional.js';
import { verify } from '../../src/features/verify/index.js';

/** One chapter of the reference: where its options are given, and the options. */
export interface OptionsChapter {
  title: string;
  /** How the feature is switched on; absent: its options are given to `createSecurity` itself. */
  factory?: string;
  flag?: string | undefined;
  options: Readonly<Record<string, OptionDeclaration<unknown>>>;
}

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const declarations = (options: object): OptionsChapter['options'] =>
  Object.fromEntries(
    Object.entries(options).map(([name, entry]: [string, OptionDeclaration<unknown>]) => [name, entry]),
  );

/** Every option there is, in the order of the reference. */
export const optionsChapters: readonly OptionsChapter[] = [
  { title: 'General', options: declarations(generalOptions) },
  { title: 'Auth tokens and basic auth', options: declarations(credentialOptions) },
  { title: 'Sessions and remember-me', options: declarations(sessionOptions) },
  { title: 'CSRF', options: declarations(csrfOptions) },
  { title: 'Passwords', options: declarations(passwordOptions) },
  { title: 'Redirects', options: declarations(redirectOptions) },
  { title: 'Identity', options: declarations(identityOptions) },
  { title: 'Mail', options: declarations(mailOptions) },
  { title: 'Signing in', options: declarations(login.options) },
  { title: 'Signing out', options: declarations(logout.options) },
  { title: 'Confirming again that it is you', options: declarations(verify.options) },
  ...optionalFeatures.map(({ name, flag, options }) => ({
    title: `Feature ${name}`,
    factory: `${camel(name)}()`,
    flag,
    options,
  })),
];

/** Names of core options that no chapter lists: there should be none. */
export function forgottenOptions(): string[] {
  const listed = new Set(optionsChapters.flatMap(({ options }) => Object.keys(options)));
  return Object.keys(coreOptions).filter((name) => !listed.has(name));
}

/** A value as it is written in code, safe in a cell of a table. */
export function valueCell(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'undefined');
  return `\`${text.replaceAll('|', '\\|').replaceAll('\u001f', '\\u001f').replaceAll('\u0000', '\\u0000')}\``;
}

const textCell = (text: string): string => text.replaceAll('|', '\\|');

export const hasDocumented = (declaration: OptionDeclaration<unknown>): boolean =>
  'documented' in declaration && JSON.stringify(declaration.documented) !== JSON.stringify(declaration.default);

function chapterText({ title, factory, flag, options }: OptionsChapter): string {
  const intro =
    factory === undefined
      ? []
      : [
          `Given to \`${factory}\` in \`features: […]\`${flag === undefined ? '' : `; \`fromFlaskConfig\` switches it on with \`${flag}\``}.`,
          '',
        ];
  if (Object.keys(options).length === 0) return [`## ${title}`, '', ...intro, 'It has no options.', ''].join('\n');
  const rows = Object.entries(options).map(([name, declaration]) => {
    const documented = hasDocumented(declaration) ? valueCell(declaration.documented) : '';
    const specified = declaration.specified === undefined ? '' : `\`${declaration.specified}\``;
    return `| \`${name}\` | ${valueCell(declaration.default)} | ${documented} | ${specified} | ${textCell(declaration.doc)} |`;
  });
  return [
    `## ${title}`,
    '',
    ...intro,
    '| option | default | documented default | specified name | |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The reference of all options, made of what they declare. */
export function optionsDocument(): string {
  return [
    '# Options',
    '',
    '<!-- Made from the declarations; `UPDATE_DOCS=1 npx vitest run test/parity/documents` makes it anew. -->',
    '',
    '`createSecurity` takes these names with the defaults of the second column; durations are texts with a unit, such as',
    "`'10 minutes'`. `fromFlaskConfig` takes the specified names; where the third column is not empty it starts from that",
    'default instead ([differences](differences.md) says why ours is another one).',
    '',
    ...optionsChapters.map(chapterText),
  ].join('\n');
}
