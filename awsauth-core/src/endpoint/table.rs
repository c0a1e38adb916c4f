//! Written by conformance/src/bin/generate-endpoint-table.rs: change that, and run it again.

use super::partition::Partition;

/// The region that a partition's global services sign for.
pub(super) static DEFAULT_REGIONS: &[(Partition, &str)] = &[
    (Partition::Aws, "us-east-1"),
    (Partition::AwsCn, "cn-northwest-1"),
    (Partition::AwsEusc, "eusc-de-east-1"),
    (Partition::AwsIso, "us-iso-east-1"),
    (Partition::AwsIsoB, "us-isob-east-1"),
    (Partition::AwsIsoE, "eu-isoe-west-1"),
    (Partition::AwsIsoF, "us-isof-south-1"),
    (Partition::AwsUsGov, "us-gov-west-1"),
];

/// Domains of hosts, and the first partition that has them.
pub(super) static DOMAINS: &[(&str, Partition)] = &[
    ("amazonaws.com", Partition::Aws),
    ("amazonaws.com.cn", Partition::AwsCn),
    ("amazonaws.eu", Partition::AwsEusc),
    ("api.amazonwebservices.com.cn", Partition::AwsCn),
    ("api.amazonwebservices.eu", Partition::AwsEusc),
    ("api.aws", Partition::Aws),
    ("api.aws.hci.ic.gov", Partition::AwsIsoF),
    ("api.aws.ic.gov", Partition::AwsIso),
    ("api.aws.scloud", Partition::AwsIsoB),
    ("api.cloud-aws.adc-e.uk", Partition::AwsIsoE),
    ("c2s.ic.gov", Partition::AwsIso),
    ("cloud.adc-e.uk", Partition::AwsIsoE),
    ("csp.hci.ic.gov", Partition::AwsIsoF),
    ("on.amazonwebservices.com.cn", Partition::AwsCn),
    ("on.aws", Partition::Aws),
    ("sc2s.sgov.gov", Partition::AwsIsoB),
];

/// Labels of hosts that name no region.
pub(super) static GLOBAL: &[&str] = &[
    "autoscaling",
    "budgets",
    "cloudfront",
    "codecatalyst",
    "ec2",
    "elasticmapreduce",
    "health",
    "iam",
    "importexport",
    "partnercentral-channel",
    "partnercentral-prm",
    "queue",
    "rds",
    "route53",
    "savingsplans",
    "sdb",
    "sts",
    "sustainability",
    "waf",
];

/// Label and domain of hosts that name no region, and do not sign for the partition's default.
pub(super) static GLOBAL_REGIONS: &[(&str, &str, &str)] = &[
    ("budgets", "api.aws", "us-gov-west-1"),
    ("iam", "amazonaws.com.cn", "cn-north-1"),
    ("iam", "api.amazonwebservices.com.cn", "cn-north-1"),
];

/// Host label, or `label=signing name` where they differ; sorted by label, which is ASCII.
pub(super) static SERVICES: &str = "\
access-analyzer account account-access account-access-runtime=account-access acm acm-pca aco-automation \
admin.wickr=wickr agent-registry agent-registry-control=agent-registry \
agreement-marketplace=aws-marketplace aidevops aiops airflow airflow-serverless amplify amplifybackend \
amplifyuibuilder analytics-omics=omics aos=es aoss apigateway app-integrations appconfig \
appconfigdata=appconfig appfabric appflow application-autoscaling application-cost-profiler \
application-signals applicationinsights appmesh apprunner appstream2=appstream appsync \
appsync-api=appsync appsync-realtime-api=appsync aps aps-workspaces=aps \
arc-recovery-control-config=route53-recovery-control-config arc-region-switch arc-zonal-shift artifact \
athena auditmanager autoscaling autoscaling-plans b2bi backup backup-gateway backup-search batch \
bcm-dashboards bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock \
bedrock-agent=bedrock bedrock-agent-runtime=bedrock bedrock-agentcore \
bedrock-agentcore-control=bedrock-agentcore bedrock-data-automation=bedrock \
bedrock-data-automation-runtime=bedrock bedrock-runtime=bedrock billing billingconductor braket budgets \
cases cassandra cassandra-streams=cassandra catalog-marketplace=aws-marketplace \
catalog.marketplace=aws-marketplace ce chatbot chime cleanrooms cleanrooms-ml cloud9 cloudcontrolapi \
clouddirectory cloudformation cloudfront cloudfront-keyvaluestore cloudfront-kvs=cloudfront-keyvaluestore \
cloudhsm cloudhsmv2=cloudhsm cloudsearch cloudsearchdomain=cloudsearch cloudtrail cloudtrail-data \
cloudwatch-omni=cloudwatch codeartifact codebuild codecatalyst codecommit codeconnections codedeploy \
codeguru-profiler codeguru-reviewer codeguru-security codepipeline codestar-connections \
codestar-notifications cognito-identity cognito-idp cognito-sync comprehend comprehendmedical \
compute-optimizer config connect connect-campaigns contact-lens=connect continuum \
control-storage-omics=omics controlcatalog controlplane.payment-cryptography=payment-cryptography \
controltower cost-optimization-hub cp.maps.geo=geo cp.places.geo=geo cp.routes.geo=geo cur \
data-ats.iot=iotdata data-lakeformation=lakeformation data-servicediscovery=servicediscovery \
data-signer=signer data.qapps=qapps databrew dataexchange datapipeline \
dataplane.payment-cryptography=payment-cryptography datasync datazone dax ddb=dynamodb deadline \
deployment-marketplace=aws-marketplace detective devicefarm devops-guru directconnect discovery \
discovery-marketplace=aws-marketplace dlm dms docdb-elastic drs ds ds-data dsql dynamodb ebs ec2 \
ec2-instance-connect ec2messages ecr ecr-public ecs efs=elasticfilesystem eks eks-auth elasticache \
elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elemental-inference email=ses \
emr-containers emr-serverless end-user-messaging entitlement-marketplace=aws-marketplace \
entitlement.marketplace=aws-marketplace entityresolution es events eventsv2=events evs execute-api \
firehose fis fms forecast forecastquery=forecast frauddetector freetier fsx gamelift gameliftstreams geo \
geo-maps geo-places geo-routes git-codecommit=codecommit glacier globalaccelerator glue grafana \
greengrass greengrass-ats.iot=greengrass groundstation guardduty health health-agent healthlake iam \
iam-toolbox=iam identity-chime=chime identitystore imagebuilder importexport ingest.timestream=timestream \
inspector inspector-scan inspector2 interconnect internetmonitor invoicing iot \
iot-tunneling=IoTSecuredTunneling iotdeviceadvisor iotfleetwise iotmanagedintegrations iotsitewise \
iotthingsgraph iottwinmaker iotwireless ivs ivschat ivsrealtime=ivs jobs.iot=iot-jobs-data kafka \
kafka-api=kafka kafkaconnect kendra kendra-ranking kinesis kinesisanalytics kinesisvideo kms \
lakeformation lambda lambda-url=lambda launchwizard license-manager license-manager-linux-subscriptions \
license-manager-user-subscriptions lightsail logs lookoutequipment m2 machinelearning macie2 \
mail-manager=ses managedblockchain managedblockchain-query maps.geo=geo-maps marketplacecommerceanalytics \
media-pipelines-chime=chime mediaconnect mediaconvert medialive mediapackage mediapackage-vod \
mediapackagev2 mediastore mediatailor medical-imaging meetings-chime=chime memory-db=memorydb \
messaging-chime=chime metering-marketplace=aws-marketplace metering.marketplace=aws-marketplace mgh mgn \
migrationhub-config=mgh migrationhub-orchestrator migrationhub-strategy models-v2-lex=lex models.lex=lex \
monitoring mpa mq mturk-requester mturk-requester-sandbox=mturk-requester neptune-db neptune-graph \
network-firewall network-security-manager networkflowmonitor networkmanager networkmonitor notifications \
notifications-contacts nova-act oam observabilityadmin odb oidc=sso-oauth omics organizations osis osm \
outposts participant.connect=execute-api partnercentral-account partnercentral-benefits \
partnercentral-channel partnercentral-prm=partnercentral partnercentral-selling pca-connector-ad \
pca-connector-scep pcs personalize personalize-events=personalize personalize-runtime=personalize pi \
pinpoint=mobiletargeting pipes places.geo=geo-places polly portal.sso=awsssoportal pricing \
pricingplanmanager profile proton qbusiness query-lakeformation=lakeformation query.timestream=timestream \
queue=sqs quicksight ram rbin rds rds-data redshift redshift-data redshift-serverless refactor-spaces \
rekognition reporting-marketplace=aws-marketplace repostspace resiliencehub resource-explorer-2 \
resource-groups rolesanywhere route53 route53-recovery-cluster route53-recovery-control-config \
route53-recovery-readiness route53domains route53globalresolver route53profiles route53resolver \
routes.geo=geo-routes rtbfabric rum runtime-medical-imaging=medical-imaging runtime-v2-lex=lex \
runtime.lex=lex s3 s3-control=s3 s3-outposts s3files s3tables s3vectors sagemaker sagemaker-geospatial \
savingsplans scheduler schemas scn sdb secretsmanager security-ir securityagent securityhub securitylake \
serverlessrepo servicecatalog servicecatalog-appregistry=servicecatalog servicediscovery servicequotas \
shield signer signin sms-voice sms-voice.pinpoint=sms-voice snow-device-management snowball sns \
social-messaging sqs ssm ssm-contacts ssm-guiconnect ssm-incidents ssm-quicksetup ssm-sap ssmmessages sso \
states storage-omics=omics storagegateway stream-logs=logs streams-dynamodb=dynamodb sts support \
supportapp supportauthz sustainability swf sync-states=states synthetics tagging tags-omics=omics tax \
textract thinclient timestream-influxdb timestream-ingest=timestream timestream-query=timestream \
transcribe transcribestreaming=transcribe transfer translate trustedadvisor \
tunneling.iot=IoTSecuredTunneling uxc verifiedpermissions voice-chime=chime voiceid vpc-lattice \
vpc-lattice-svcs waf waf-regional wafv2 wellarchitected wisdom workdocs workflows-omics=omics workmail \
workmailmessageflow workspaces workspaces-instances workspaces-web xray";
