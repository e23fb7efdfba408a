/** Makes an element. Texts become text nodes, never markup; functions become listeners. */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined));
  return node;
}

export const heading = (text) => element('h1', { tabindex: '-1' }, text);
export const paragraph = (...children) => element('p', {}, ...children);
export const link = (href, text) => element('a', { href }, text);

/** Says something without moving anybody's focus. */
export function announce(text) {
  document.getElementById('status').textContent = text;
}
