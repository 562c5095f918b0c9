package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	downloads  = "/downloads"
	reportFile = downloads + "/report.csv"
	// reportedCampaigns is how many campaigns are in the answer of a report; its file has all of them.
	reportedCampaigns = 50
	// reportedDays is how long a report can be.
	reportedDays = 1000
	exportLives  = 7 * 24 * time.Hour
)

// report is what the figures are about. Every campaign delivers every day, from the first record's day on.
type report struct {
	first, last time.Time
	campaigns   []int
	expires     time.Time
}

// reportRules are the rules that involve more than one parameter.
func reportRules(_ *platform, c *call) []issue {
	start, startErr := parseTime(c.params["startDate"])
	end, endErr := parseTime(c.params["endDate"])
	_, days := c.params["days"]
	switch {
	case (startErr == nil) != (endErr == nil):
		return []issue{{Path: "startDate", Message: "goes with endDate"}}
	case startErr == nil && end.Before(start):
		return []issue{{Path: "endDate", Message: "is before startDate"}}
	case startErr == nil && end.Sub(start) > reportedDays*24*time.Hour:
		return []issue{{Path: "endDate", Message: "is too long after startDate"}}
	case startErr != nil && !days:
		return []issue{{Path: "days", Message: "is required without dates"}}
	}
	return nil
}

func getReport(p *platform, c *call) reply {
	r := report{last: c.now.Truncate(24 * time.Hour), first: recordsBegin}
	if start, err := parseTime(c.params["startDate"]); err == nil {
		r.first = start
		r.last, _ = parseTime(c.params["endDate"])
	} else if days := c.number("days", 0); days > 0 {
		r.first = r.last.AddDate(0, 0, 1-days)
	}
	download, _ := c.params["download"].(bool)
	most := reportedCampaigns
	if download {
		most = campaigns.count(p.cfg)
	}
	for i := 0; i < campaigns.count(p.cfg) && len(r.campaigns) < most; i++ {
		if p.reports(c, i) {
			r.campaigns = append(r.campaigns, i)
		}
	}
	switch {
	case download:
		return p.export(c, r)
	case c.asked("view") == "timeseries":
		return p.cfg.answer(http.StatusOK, r.timeseries(p.cfg))
	default:
		return p.cfg.answer(http.StatusOK, r.summary(p.cfg, c.asked("displayCurrency")))
	}
}

// reports tells whether the parameters ask for a campaign.
func (p *platform) reports(c *call, i int) bool {
	if asked := c.asked("campaignId"); asked != "" {
		n, ok := campaigns.index(p.cfg, asked)
		return ok && n == i
	}
	if asked := c.asked("advertiserId"); asked != "" {
		n, ok := advertisers.index(p.cfg, asked)
		return ok && n == i%p.cfg.stride()
	}
	return true
}

func (r report) days() int { return max(int(r.last.Sub(r.first)/(24*time.Hour))+1, 0) }

// figures are those of so many days of a campaign. A campaign without clicks has no cost for one.
func figures(impressions, clicks int, spend float64) record {
	m := record{
		"impressions": impressions, "spend": spend, "clicks": clicks, "views": impressions / 2, "completedViews": impressions / 4,
		"conversions": clicks / 10, "leads": 0, "videoCompletions": 0, "conversionValue": 0, "ecpm": nil, "cpc": nil, "ctr": nil,
		"completionRate": 0.5, "cpa": nil, "roas": nil,
	}
	if impressions > 0 {
		m["ecpm"], m["ctr"] = spend/float64(impressions)*1000, float64(clicks)/float64(impressions)
	}
	if clicks > 0 {
		m["cpc"] = spend / float64(clicks)
	}
	return m
}

// delivery is what campaign i delivers in a number of days.
func delivery(i, days int) record {
	return figures(days*(1000+i%100), days*(i%7), float64(days)*(2.5+float64(i%10)/2))
}

func (r report) totals() record {
	var impressions, clicks int
	var spend float64
	for _, i := range r.campaigns {
		m := delivery(i, r.days())
		impressions, clicks, spend = impressions+m["impressions"].(int), clicks+m["clicks"].(int), spend+m["spend"].(float64)
	}
	return figures(impressions, clicks, spend)
}

func (r report) summary(c *config, display string) record {
	byAdvertiser := make([]record, 0)
	places := make(map[int]int)
	for _, i := range r.campaigns {
		owner := i % c.stride()
		place, known := places[owner]
		if !known {
			place = len(byAdvertiser)
			places[owner] = place
			part := report{first: r.first, last: r.last}
			for _, n := range r.campaigns {
				if n%c.stride() == owner {
					part.campaigns = append(part.campaigns, n)
				}
			}
			byAdvertiser = append(byAdvertiser, record{
				"advertiserId": c.id(advertiserID(owner)), "advertiserName": advertisers.named(owner), "currency": currency,
				"metrics": part.totals(), "campaigns": []record{},
			})
		}
		of := byAdvertiser[place]
		of["campaigns"] = append(of["campaigns"].([]record), record{
			"campaignId": c.id(campaigns.id(i)), "campaignName": campaigns.named(i), "management": "managed",
			"metrics": delivery(i, r.days()), "mediaBuys": []record{{"mediaBuyId": c.id(mediaBuys.id(i))}},
		})
	}
	answer := record{
		"advertisers": byAdvertiser, "totals": r.totals(), "totalsCurrency": currency,
		"periodStart": r.first.Format(time.DateOnly), "periodEnd": r.last.Format(time.DateOnly),
	}
	if display != "" {
		spend := make([]record, len(byAdvertiser))
		for i, a := range byAdvertiser {
			spend[i] = record{"advertiserId": a["advertiserId"], "currency": currency, "spend": nil}
		}
		answer["consolidated"] = record{
			"totals": r.totals(), "byAdvertiser": spend, "conversionInfo": record{"displayCurrency": strings.ToUpper(display)},
		}
	}
	return answer
}

func (r report) timeseries(c *config) record {
	rows := make([]record, 0, r.days()*len(r.campaigns))
	for day := range r.days() {
		for _, i := range r.campaigns {
			owner := i % c.stride()
			rows = append(rows, record{
				"date":         r.first.AddDate(0, 0, day).Format(time.DateOnly),
				"advertiserId": c.id(advertiserID(owner)), "advertiserName": advertisers.named(owner), "currency": currency,
				"campaignId": c.id(campaigns.id(i)), "campaignName": campaigns.named(i), "management": "managed",
				"mediaBuyId": c.id(mediaBuys.id(i)), "mediaBuyName": mediaBuys.named(i), "mediaBuyStatus": "ACTIVE",
				"packageId": c.id(mediaBuys.id(i)), "productId": "prod_1001", "productName": "Product 1001", "metrics": delivery(i, 1),
			})
		}
	}
	return record{
		"timeseries": rows, "totals": r.totals(), "totalsCurrency": currency,
		"periodStart": r.first.Format(time.DateOnly), "periodEnd": r.last.Format(time.DateOnly),
	}
}

// export keeps a report for download, at an address that works for whoever has it.
func (p *platform) export(c *call, r report) reply {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	signature := hex.EncodeToString(b)
	r.expires = c.now.Add(exportLives)
	p.feed.mu.Lock()
	defer p.feed.mu.Unlock()
	p.feed.reports[signature] = r
	return p.cfg.answer(http.StatusOK, record{
		"downloadUrl": p.cfg.origin + reportFile + "?X-Signature=" + signature, "expiresAt": stamp(r.expires),
		"fileName": "report.csv", "rowCount": r.days() * len(r.campaigns),
	})
}

func isDownload(path string) bool {
	_, ok := cutPrefix(path, downloads)
	return ok
}

// inspectDownload keeps the signature out of the record, and finds credentials that were sent to where the platform's
// files lie: a host of somebody else.
func (x *exchange) inspectDownload() {
	x.s.recorder.update(x.rec, func(req *Request) { req.Query = nil })
	for _, name := range [...]string{"Authorization", "Proxy-Authorization", "X-Scope3-Api-Key", "X-Scope3-Seat-Id", "Cookie"} {
		if x.r.Header.Get(name) != "" {
			x.s.recorder.violate(x.rec, "download", []issue{{Path: name, Message: "was sent to another host"}})
		}
	}
}

// answerDownload answers as a store of files does: in XML, and with 403 for whatever it does not like.
func (x *exchange) answerDownload() reply {
	p := x.s.platform
	p.feed.mu.Lock()
	r, known := p.feed.reports[x.r.URL.Query().Get("X-Signature")]
	p.feed.mu.Unlock()
	if !known || x.r.Method != http.MethodGet || x.r.Header.Get("Authorization") != "" || !x.s.cfg.now().Before(r.expires) {
		return reply{
			status: http.StatusForbidden, contentType: "application/xml", unchecked: true,
			body: []byte("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"),
		}
	}
	return reply{status: http.StatusOK, contentType: "text/csv", unchecked: true, body: r.csv(p.cfg)}
}

func (r report) csv(c *config) []byte {
	var out bytes.Buffer
	out.WriteString("date,advertiser_id,campaign_id,impressions,clicks,spend,currency\n")
	for day := range r.days() {
		date := r.first.AddDate(0, 0, day).Format(time.DateOnly)
		for _, i := range r.campaigns {
			m := delivery(i, 1)
			fmt.Fprintf(&out, "%s,%v,%v,%d,%d,%.2f,%s\n", date, c.id(advertiserID(i%c.stride())), c.id(campaigns.id(i)),
				m["impressions"], m["clicks"], m["spend"], currency)
		}
	}
	return out.Bytes()
}
