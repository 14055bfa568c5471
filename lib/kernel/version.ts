import manifest from "@/package.json";

/** Of the release that this process runs. */
export const VERSION = manifest.version;
