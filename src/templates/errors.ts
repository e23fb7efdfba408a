/** A template was asked for by a name that no template may have: absolute, leaving its folder, or of another kind. */
export class TemplateNameError extends Error {
  override readonly name = 'TemplateNameError';

  constructor(requested: string) {
    super(`Not a template name: ${JSON.stringify(requested.slice(0, 100))}`);
  }
}

/** No template directory holds a file of this name. */
export class TemplateNotFoundError extends Error {
  override readonly name = 'TemplateNotFoundError';

  constructor(requested: string, directories: readonly string[]) {
    super(`Template ${requested} was found in none of: ${directories.join(', ')}`);
  }
}
