/** Texts that a visitor may type and that must come out as the text they are. */
export const hostileTexts = [
  '"><script>alert(1)</script>',
  "' onfocus='alert(1)' autofocus='",
  '</title></textarea></style><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<!--',
  '[{{7*7}}]',
  '{% include "security/base.html" %}',
  '{{ constructor.constructor("return process")() }}',
  '%(x)s %(site)s %(constructor)s',
  '__proto__',
  'constructor',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '\u202egnp.exe\u0000\r\nBcc: a@b.example',
];
