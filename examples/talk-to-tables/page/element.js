export function element(name, text = '', className = '') {
  const node = document.createElement(name)
  node.textContent = text
  if (className) node.className = className
  return node
}
