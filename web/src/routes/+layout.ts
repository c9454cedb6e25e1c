// Static files with one fallback page: everything is rendered in the browser.

export const ssr = false
export const prerender = false
