// Made while the app is built, by `english-apart.ts`: every message in English, by its number.
declare module 'virtual:english-messages' {
  const sentences: readonly ((inputs: unknown) => string)[]
  export default sentences
}
