import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ILoader, LoaderSource } from 'nunjucks';
import { TemplateNameError, TemplateNotFoundError } from './errors.js';

// Segments never start with a dot, so neither `..` nor hidden files can be named; no backslash, no NUL, no colon.
const templateName =
  /^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\/){0,8}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\.(?:html|txt|svg)$/;

/**
 * Refuses every name that could lead outside the template directories.
 *
 * @throws TemplateNameError when the name is not a relative path of plain segments ending in .html, .txt or .svg.
 */
export function checkTemplateName(name: string): void {
  if (typeof name !== 'string' || name.length > 300 || !templateName.test(name)) {
    throw new TemplateNameError(String(name));
  }
}

/**
 * Reads templates from directories, the first that has the file wins. Names reached through `extends`, `include`
 * and `import` pass the same check as those asked for directly.
 */
export function createDirectoryLoader(directories: readonly string[], cache: boolean): ILoader {
  return {
    getSource(name: string): LoaderSource {
      checkTemplateName(name);
      for (const directory of directories) {
        const path = join(directory, name);
        const src = readIfPresent(path);
        if (src !== undefined) return { src, path: name, noCache: !cache };
      }
      throw new TemplateNotFoundError(name, directories);
    },
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw error;
  }
}
