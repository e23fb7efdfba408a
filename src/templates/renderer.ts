import nunjucks from 'nunjucks';
import { interpolate, renderAttributes, safeLink, wrapText } from './filters.js';
import { checkTemplateName, createDirectoryLoader } from './loader.js';

/** Turns a template and a context into text. An application may bring any engine behind this. */
export interface TemplateRenderer {
  /**
   * @param name relative path such as `security/login_user.html`; values are HTML-escaped unless it ends in `.txt`
   * @throws TemplateNameError, TemplateNotFoundError, or the engine's error for a faulty template
   */
  render(name: string, context: Record<string, unknown>): Promise<string>;
}

export interface TemplateRendererOptions {
  /** Searched in order: the application's own first, the built-in directory last. */
  directories: readonly string[];
  /** Values and functions that every template sees unless the context says otherwise. */
  globals?: Record<string, unknown>;
  /** Compile each template once (default). `false` reads the files at every rendering: for working on templates. */
  cache?: boolean;
}

/**
 * The built-in renderer: Nunjucks, of the Jinja family (inheritance, `super()`, macros). A template is overridden by a
 * file of the same name in an earlier directory (specification: Customizing, Views).
 *
 * Templates are code of the application: whoever may write one may run anything. Never render text from users.
 *
 * @example
 * const renderer = createTemplateRenderer({ directories: ['views', builtinTemplatesDirectory] });
 * const html = await renderer.render('security/login_user.html', { login_user_form });
 */
export function createTemplateRenderer(options: TemplateRendererOptions): TemplateRenderer {
  const pages = createEnvironment(options, true);
  const texts = createEnvironment(options, false);
  return {
    render: async (name, context) => {
      checkTemplateName(name);
      const environment = name.endsWith('.txt') ? texts : pages;
      return await new Promise<string>((resolve, reject) => {
        environment.render(name, ownContext(context), (error, text) => {
          if (error) reject(error);
          else resolve(text ?? '');
        });
      });
    },
  };
}

function createEnvironment(options: TemplateRendererOptions, autoescape: boolean): nunjucks.Environment {
  const loader = createDirectoryLoader(options.directories, options.cache ?? true);
  const environment = new nunjucks.Environment(loader, {
    autoescape,
    throwOnUndefined: false,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addFilter('attributes', renderAttributes);
  environment.addFilter('link', safeLink);
  environment.addFilter('wrap', wrapText);
  environment.addGlobal('_fsdomain', interpolate);
  environment.addGlobal('get_flashed_messages', () => []);
  for (const [name, value] of Object.entries(options.globals ?? {})) environment.addGlobal(name, value);
  return environment;
}

// The engine copies the context by assignment, where a `__proto__` key would replace the copy's prototype.
function ownContext(context: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== '__proto__'));
}
