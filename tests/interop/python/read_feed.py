"""Reads the feed with python-odata, as somebody who knows nothing but its address. Prints one JSON object."""

import json
import sys

import requests
from odata import ODataService

url, login, password = sys.argv[1:]
service = ODataService(url, auth=requests.auth.HTTPBasicAuth(login, password), reflect_entities=True)
household = service.entities["household"]
everything = service.query(household).all()
poor = service.query(household).filter(household.current_class == "poor").order_by(household.livestock.desc()).limit(5)
print(json.dumps({
    "sets": sorted(service.entities),
    "households": len(list(everything)),
    "poor": [[row.current_class, row.livestock, row.head_name] for row in poor],
}))
