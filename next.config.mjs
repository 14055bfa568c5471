/** Pages get their policy with a nonce from proxy.ts; what is below /api shows nothing and may load nothing. */
const apiHeaders = [
  { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'" },
];

/**
 * Not of the API: its door says it of each answer, as in the gateway, and of a stream that it may not be
 * changed on the way either. What stands here takes the place of what an answer says of itself.
 */
const uncached = [{ key: "Cache-Control", value: "no-store" }];
const WITHOUT_DOOR = ["auth", "calendar", "company", "cloudProviders/oauth2"];

/** Of the style element of lib/http/problem-page.ts; its test says what it must be. */
const PROBLEM_PAGE_STYLE = "sha256-a2Np5jpQZv2zNAVh3fwqsFFmT7csX9XfCm+j2dnJ7Qs=";

/** The callback may show a small page of its own, and must not reveal its address. */
const callbackHeaders = [
  {
    key: "Content-Security-Policy",
    value: `default-src 'none'; style-src '${PROBLEM_PAGE_STYLE}'; frame-ancestors 'none'; base-uri 'none'`,
  },
  { key: "Referrer-Policy", value: "no-referrer" },
];

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

/** @type {import("next").NextConfig} */
const config = {
  // For scripts/release.mjs: the packages that a server needs are copied beside it, which takes its time.
  ...(process.env.POSTKEY_OUTPUT === "standalone" && { output: "standalone" }),
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: true,
  images: { unoptimized: true },
  // Types are checked by `npm run typecheck`, with everything else; a build need not do it again.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // Off: it makes a first build half as long again and three times as large, to save 25 s of a later one, and it broke one.
    turbopackFileSystemCacheForBuild: false,
    // A page that a role may not open answers 403, with app/(console)/forbidden.tsx.
    authInterrupts: true,
    optimizePackageImports: [
      "@mantine/charts",
      "@mantine/core",
      "@mantine/hooks",
      "@tabler/icons-react",
    ],
    serverActions: { bodySizeLimit: "128kb" },
  },
  // Browsers ask for it at pages that name no icon, and at answers that are none.
  async rewrites() {
    return [{ source: "/favicon.ico", destination: "/icon.svg" }];
  },
  async headers() {
    return [
      { source: "/:path*", headers: securityHeaders },
      { source: "/api/:path*", headers: apiHeaders },
      ...WITHOUT_DOOR.map((path) => ({ source: `/api/${path}/:path*`, headers: uncached })),
      { source: "/api/cloudProviders/oauth2/:service/callback", headers: callbackHeaders },
    ];
  },
};

export default config;
