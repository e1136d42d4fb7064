-- Applications approved for each region, and what part of its scheme's total they are; totals left out.
select
    observations.release_date,
    observations.scheme,
    regions.region_name,
    observations.period,
    observations.value as approved,
    observations.share
from {{ source("hk_talent_admissions", "observations") }} as observations
join {{ source("hk_talent_admissions", "regions") }} as regions using (region)
where observations.region_kind <> 'total'
