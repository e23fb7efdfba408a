import { Refusal, signOut, whoAmI } from './api.js';
import { announce, element, heading, link, paragraph } from './dom.js';
import { views } from './views.js';

const main = document.getElementById('view');
const menu = document.getElementById('menu');
let isFirstView = true;

const application = {
  /** Who is signed in, as the backend says; the front end decides nothing by itself. */
  user: undefined,
  setUser(user) {
    application.user = user;
    menu.replaceChildren(
      ...(user === undefined ? [] : [element('button', { type: 'button', click: leave }, 'Sign out')]),
    );
  },
  async go(path) {
    history.pushState(null, '', path);
    await render();
  },
  show(nodes) {
    main.replaceChildren(...nodes);
    const title = main.querySelector('h1');
    document.title = `${title?.textContent ?? ''} · Harbour`;
    // Whoever listens instead of looking is led to the new view; not so on arrival.
    if (!isFirstView) title?.focus();
    isFirstView = false;
  },
};

async function render() {
  const { pathname, search } = new URL(location.href);
  const view = Object.hasOwn(views, pathname) ? views[pathname] : notFound;
  announce('');
  try {
    const nodes = await view(application, new URLSearchParams(search));
    // A view that led elsewhere has nothing to show.
    if (nodes) application.show(nodes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) {
      application.setUser(undefined);
      await application.go('/sign-in');
    } else application.show([heading('Something went wrong'), paragraph(error.message)]);
  }
}

const notFound = () => [heading('There is no such page'), paragraph(link('/', 'Back to the beginning'))];

async function leave() {
  try {
    await signOut();
  } catch (error) {
    announce(error.message);
    return;
  }
  application.setUser(undefined);
  await application.go('/sign-in');
  announce('You are signed out.');
}

document.addEventListener('click', (event) => {
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (anchor === null || anchor.origin !== location.origin || !isPlain || event.defaultPrevented) return;
  event.preventDefault();
  void application.go(anchor.pathname + anchor.search);
});
addEventListener('popstate', () => void render());

try {
  application.setUser(await whoAmI());
} catch (error) {
  announce(error.message);
}
await render();
