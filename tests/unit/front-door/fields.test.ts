import { fill } from "../../../local/front-door/fields";

const FIELDS = {
  TableName: "photos",
  IndexName: "by-owner",
  QueueUrl: "http://127.0.0.1:4566/000000000000/jobs",
  Arn: "arn:aws:dynamodb:eu-west-1:1:table/photos",
  RequestItems: { photos: [], users: [] },
  Entries: [{ Bus: "a" }, {}, { Bus: "a" }],
  Count: 3,
  Nothing: null,
};

test.each([
  ["table/{TableName}", ["table/photos"]],
  ["table/{TableName}/index/{IndexName}", ["table/photos/index/by-owner"]],
  ["{QueueUrl}", ["jobs"]],
  ["table/{Arn}", ["arn:aws:dynamodb:eu-west-1:1:table/photos"]],
  ["table/{Arn}/index/{IndexName}", ["arn:aws:dynamodb:eu-west-1:1:table/photos/index/by-owner"]],
  ["table/{RequestItems.#}", ["table/photos", "table/users"]],
  ["bus/{Entries.*.Bus}", ["bus/a"]],
  ["bus/{Entries.*.Bus|default}", ["bus/a", "bus/default"]],
  ["bus/{Missing.*.Bus|default}", []],
  ["{Missing}", []],
  ["{Count}", []],
  ["{Nothing}", []],
  ["{TableName.*}", []],
])("%s", (template, texts) => {
  expect(fill(template, FIELDS)).toEqual(texts);
});
