// Made by `edge/build.ts` from the web app's build.

declare module 'motu:asset-list' {
  const files: Readonly<Record<string, import('./asset-file.ts').AssetFile>>
  export default files
}
