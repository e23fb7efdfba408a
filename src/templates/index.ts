import { fileURLToPath } from 'node:url';

export { TemplateNameError, TemplateNotFoundError } from './errors.js';
export { createTemplateRenderer, type TemplateRenderer, type TemplateRendererOptions } from './renderer.js';

/** The folder of the templates that come with the package: the last in {@link TemplateRendererOptions.directories}. */
export const builtinTemplatesDirectory: string = fileURLToPath(new URL('.', import.meta.url));

/** Path of the one stylesheet that the built-in pages need. */
export const builtinStylesheet: string = fileURLToPath(new URL('./static/sallyport.css', import.meta.url));

/** Path of the logo; the pages carry it inline, so serving it is optional. */
export const builtinLogo: string = fileURLToPath(new URL('./static/sallyport.svg', import.meta.url));
