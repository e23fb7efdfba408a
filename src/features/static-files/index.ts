import { defineFeature } from '../../core/feature.js';
import { stylesheet } from '../../core/page-context.js';

/** The style sheet of our pages (specification 1.4.1: `SECURITY_STATIC_FOLDER_URL`). */
export const staticFiles = defineFeature<object>({
  name: 'static-files',
  options: {},
  routes: (_options, config) => [
    {
      endpoint: 'static',
      path: `${config.staticFolderUrl}/sallyport.css`,
      methods: ['GET'],
      access: 'public',
      handle: async () => ({
        kind: 'raw',
        status: 200,
        headers: {
          'Content-Type': 'text/css; charset=utf-8',
          // The address changes with the content.
          'Cache-Control': 'public, max-age=31536000, immutable',
          'X-Content-Type-Options': 'nosniff',
        },
        body: stylesheet,
      }),
    },
  ],
});
