import json
for r in json.load(open('/work/main/bench/results.partial.json'))['results']:
    if r['id'].startswith('start'): print(r['id'],{k:[round(x,1) for x in v] for k,v in r['rounds'].items()})
