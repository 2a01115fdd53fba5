// Publishes a photo as a program of somebody else would: signs in, uploads a picture, watches what becomes of it, and
// fetches its renditions. While `npm start` runs, in another terminal:
//
//   node examples/upload.mjs [picture.jpg] [folder for the renditions]
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import WebSocket from "ws";

const [picture = "examples/dunes.jpg", folder = "."] = process.argv.slice(2);
const json = async (file) => JSON.parse(await readFile(file, "utf8"));
const { photosUrl, mediaUrl, liveUrl, userPoolClientId } = await json(".local/outputs.json");
const [{ username, password }] = await json(".local/demo-users.json");

async function call(url, body, headers) {
  const method = body === undefined ? "GET" : "POST";
  const content = { "content-type": "application/json", ...headers };
  const response = await fetch(url, { method, headers: content, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

const signIn = {
  AuthFlow: "USER_PASSWORD_AUTH",
  ClientId: userPoolClientId,
  AuthParameters: { USERNAME: username, PASSWORD: password },
};
const { AuthenticationResult } = await call(new URL(photosUrl).origin, signIn, {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
});
const user = { authorization: `Bearer ${AuthenticationResult.AccessToken}` };
const { id } = await call(`${photosUrl}photos`, { title: path.parse(picture).name }, user);

const socket = new WebSocket(`${liveUrl}?token=${AuthenticationResult.AccessToken}`);
const done = new Promise((resolve, reject) => {
  socket.on("error", reject);
  socket.on("message", (data) => {
    const { type, photo, state, renditions, reason } = JSON.parse(data);
    if (type !== "picture" || photo !== id) return;
    console.log(state, ...renditions.map(({ name, width, height }) => `${name} ${width}×${height}`));
    if (state === "ready") resolve();
    if (state === "failed") reject(new Error(reason));
  });
});
await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));

const type = { ".png": "image/png", ".webp": "image/webp" }[path.extname(picture)] ?? "image/jpeg";
const { url, fields } = await call(`${mediaUrl}uploads`, { photo: id, contentType: type }, user);
const form = new FormData();
for (const [name, value] of Object.entries(fields)) form.append(name, value);
form.append("file", new Blob([await readFile(picture)], { type }));
const uploaded = await fetch(url, { method: "POST", body: form });
console.log(`uploaded ${picture}: ${uploaded.status}`);
if (!uploaded.ok) throw new Error(await uploaded.text());

await done;
socket.close();
const { renditions } = await call(`${mediaUrl}pictures/${id}`, undefined, user);
for (const { name, url } of renditions) {
  const file = path.join(folder, `${path.parse(picture).name}-${name}.jpg`);
  await writeFile(file, Buffer.from(await (await fetch(url)).arrayBuffer()));
  console.log(`saved ${file}`);
}
