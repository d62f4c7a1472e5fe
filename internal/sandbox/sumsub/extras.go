package sumsub

import "encoding/json"

// withExtras adds members that no documentation names, as Sumsub may at any time, to the objects of an answer. Objects
// whose members are named by data, such as steps by their names, hold nothing but objects and are left alone.
func withExtras(raw []byte) []byte {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return raw
	}
	enlarge(v)
	larger, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return larger
}

func enlarge(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			enlarge(item)
		}
	case map[string]any:
		keyed := true
		for _, member := range v {
			if _, isObject := member.(map[string]any); !isObject && member != nil {
				keyed = false
			}
			enlarge(member)
		}
		if !keyed {
			v["sandboxExtra"] = map[string]any{"since": 2026, "list": []any{nil, "x", 1.5}}
		}
	}
}
