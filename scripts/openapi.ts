// `npm run openapi`: writes docs/openapi.json from the contracts of all routes.
import * as fs from "node:fs";
import * as path from "node:path";
import { campaignRoutes } from "../handlers/campaigns/routes";
import { insightRoutes } from "../handlers/insights/routes";
import { mediaRoutes } from "../handlers/media/routes";
import { openApiDocument } from "../handlers/openapi";
import { photoRoutes } from "../handlers/photos/routes";
import { userRoutes } from "../handlers/users/routes";
import { version } from "../package.json";

export const openApiFile = path.resolve(__dirname, "../docs/openapi.json");

/** The text of docs/openapi.json. */
export function openApiText(): string {
  const document = openApiDocument("Gallery", version, [
    ...Object.values(photoRoutes),
    ...Object.values(mediaRoutes),
    ...Object.values(userRoutes),
    ...Object.values(campaignRoutes),
    ...Object.values(insightRoutes),
  ]);
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

if (require.main === module) {
  fs.writeFileSync(openApiFile, openApiText());
  console.log(`Wrote ${path.relative(process.cwd(), openApiFile)}`);
}
