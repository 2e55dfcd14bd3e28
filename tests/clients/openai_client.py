"""OpenAI's own client for Python. Prints one JSON line a check, as the other clients' scripts do."""

import base64
import hashlib
import json
import os
import urllib.request

from openai import OpenAI

MODEL = "ideogram-v3-turbo"


def client(key, retries=0):
    base = os.environ["GATEWAY_URL"] + "/v1"
    return OpenAI(base_url=base, api_key=key, max_retries=retries, timeout=120)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def fetched(link):
    with urllib.request.urlopen(link) as answer:
        return answer.read()


def check(name, action):
    line = {"check": name}
    try:
        line["result"] = action()
    except Exception as error:
        of = lambda field: getattr(error, field, None)
        line["error"] = {
            "class": type(error).__name__,
            "message": str(error),
            "status": of("status_code"),
            "type": of("type"),
            "code": of("code"),
            "param": of("param"),
        }
    print(json.dumps(line), flush=True)


openai = client(os.environ["GATEWAY_KEY"])
poor = client(os.environ["GATEWAY_POOR_KEY"])


def generate(of=openai, **asked):
    return of.images.generate(**{"model": MODEL, "prompt": "a fox", **asked})


def url():
    made = generate(n=2, size="1024x1024")
    pictures = [digest(fetched(item.url)) for item in made.data]
    return {"created": made.created, "pictures": pictures}


def b64_json():
    asked = {"model": MODEL, "prompt": "a fox", "n": 2, "size": "1024x1024"}
    raw = openai.images.with_raw_response.generate(**asked, response_format="b64_json")
    pictures = [digest(base64.b64decode(item.b64_json)) for item in raw.parse().data]
    return {"pictures": pictures, "cache": raw.headers["x-cache"]}


def own_options():
    made = generate(extra_body={"seed": 7, "magic_prompt": "OFF"})
    return made.gateway["images"][0]["seed"]


def models():
    ids = [model.id for model in openai.models.list()]
    return {"ids": ids, "one": openai.models.retrieve(ids[0]).model_dump()}


check("url", url)
check("b64_json", b64_json)
check("ideograms own options", own_options)
check("models", models)
check("wrong key", lambda: generate(client("wrong")))
check("wrong field", lambda: generate(style="vivid"))
check("no such model", lambda: generate(model="dall-e-3"))
check("no such model to retrieve", lambda: openai.models.retrieve("dall-e-3"))
check("no such path", lambda: openai.chat.completions.create(model=MODEL, messages=[]))
check("model of others", lambda: generate(model="ideogram-v2"))
check("prompt against policy", lambda: generate(prompt="a grenade"))
check("no money", lambda: generate(poor, prompt="another fox"))
