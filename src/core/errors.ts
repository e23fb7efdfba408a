/** One message that lists everything wrong with a configuration, so that it is mended in one go. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Sallyport cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Thrown where the application calls Sallyport in a way that can only be a programming mistake. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
