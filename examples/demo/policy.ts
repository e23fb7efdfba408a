const policies = {
  /** No script, no inline style, nothing from elsewhere. */
  page: [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ],
  /** A mail's HTML in a frame of ours: its own styles, links that open the whole window, and nothing else. */
  mail: [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-top-navigation-by-user-activation',
  ],
} as const;

/** The security headers of a kind of page. */
export function policyFor(kind: keyof typeof policies): Record<string, string> {
  return {
    'Content-Security-Policy': policies[kind].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': kind === 'mail' ? 'SAMEORIGIN' : 'DENY',
    'Referrer-Policy': 'same-origin',
  };
}
