// Pure: no I/O, no clock, no randomness.
// Networks as someone types them: one a line, or with commas; a single address is a network of one.

/** What was typed, as the API takes it. Whether each is a network, the server says. */
export function parseNetworks(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => (part.includes('/') ? part : `${part}/${part.includes(':') ? 128 : 32}`))
}
